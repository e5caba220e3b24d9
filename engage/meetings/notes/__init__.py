"""Records a running meeting: notes, outcomes of lines, decisions and actions."""
