"""What the sample coalition made of its rounds: agreed values and a talking list."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engage.assessment.models import AgreedValue, Round, TalkingPoint

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_agreement(sample: "Sample", rounds: Mapping[str, Round]) -> None:
    """The talking list speaks of the last closed round."""
    for values in sample.source["agreed"]:
        sample.add(
            AgreedValue,
            round_id=rounds[values["round"]].id,
            indicator=values["indicator"],
            value=values["value"],
            reason=values["reason"],
            agreed_on=sample.day(values["days"]),
            # An earlier round was settled before the coalition kept its meetings here.
            meeting_id=sample.meetings["planning"].id if values["round"] == "closed" else None,
            set_by_id=sample.people[values["by"]].id,
            set_at=sample.moment(values["days"]),
        )
    for values in sample.source["talking_points"]:
        sample.add(
            TalkingPoint,
            round_id=rounds["closed"].id,
            indicator=values["indicator"],
            added_by_id=sample.people[values["by"]].id,
            added_at=sample.moment(-20),
        )
