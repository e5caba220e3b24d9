"""Shows whom the coalition consists of: people, groups, partner organizations, and how people join.

Its pages of a person, a group or an organization collect rows of other features, so it is a layer above those
features.
"""
