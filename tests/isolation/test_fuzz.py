"""A thousand broken requests at every form and address; twenty thousand are `make faults`."""

import pytest

from tests.faults import fuzz
from tests.isolation.forms_read import Form
from tests.isolation.world import World

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

SEED = 3


# A multipart body that is cut off leaves the file open that a part of it went to.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_broken_request_is_answered_with_an_error_of_ours(
    world: World, forms: dict[str, list[Form]]
) -> None:
    sent = fuzz.run(world, forms, 1000, SEED)
    assert not sent.failed, f"seed {SEED}:\n" + "\n".join(sent.failed)
    assert sent.answers[303] > 10
    assert sent.answers[422] > 150
