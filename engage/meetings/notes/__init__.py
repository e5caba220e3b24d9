"""Records a meeting while it runs: notes, outcomes of lines, decisions and actions."""
