"""The sample's known efforts, and two sheets of paper keyed into the open round."""

from typing import TYPE_CHECKING

from engage.assessment import efforts, papers, queries
from engage.assessment.models import Effort, Round
from engage.assessment.rules import Said, keyed
from engage.content import loader
from engage.database import folded

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_efforts(sample: "Sample", rounds: dict[str, Round]) -> None:
    """Named in the closed round, one of them merged; added by hand; named in the open round by Dan."""
    source = sample.source["efforts"]
    for values in source["named"]:
        organization = sample.organizations.get(values.pop("organization", ""))
        sample.add(
            Effort,
            **values,
            sort_key=folded(values["who"]),
            round_id=rounds["closed"].id,
            organization_id=organization.id if organization else None,
            shared=True,
        )
    for values in source["by_hand"]:
        efforts.add_effort(sample.people[values.pop("by")], efforts.Said(**values))
    for values in source["open"]:
        person = sample.people[values.pop("by")]
        response = queries.own_response(person, rounds["open"])
        assert response is not None
        sample.add(
            Effort,
            **values,
            sort_key=folded(values["who"]),
            round_id=rounds["open"].id,
            response_id=response.id,
            shared=False,
        )


def add_papers(sample: "Sample", around: Round) -> None:
    """Each key of a sheet answers one statement, in the order of asking; a dash is an empty field."""
    for number, sheet in enumerate(sample.source["papers"], 1):
        answers = {
            indicator.key: Said(answer)
            for indicator, code in zip(loader.content().indicators, sheet["keys"], strict=False)
            if (answer := keyed(code)) is not None
        }
        papers.key_paper(sample.people["maria"], around, number, sheet["sector"], answers)
