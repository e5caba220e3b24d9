"""A thousand broken requests at every form and address; twenty thousand are `make faults`."""

from tests.faults import fuzz
from tests.isolation.forms_read import Form
from tests.isolation.world import World

SEED = 3


def test_no_broken_request_is_answered_with_an_error_of_ours(
    world: World, forms: dict[str, list[Form]]
) -> None:
    sent = fuzz.run(world, forms, 1000, SEED)
    assert not sent.failed, f"seed {SEED}:\n" + "\n".join(sent.failed)
    assert sent.answers[303] > 10
    assert sent.answers[422] > 300
