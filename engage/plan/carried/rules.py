"""Defines the reasons for carrying something over."""

from enum import StrEnum


class CarryWhy(StrEnum):
    NOT_FINISHED = "not_finished"
    CONTINUES = "continues"
    OTHER = "other"
