"""Makes the key of a phone, and takes the answers that it sealed."""

from collections.abc import Callable, Sequence

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from engage import clock
from engage.assessment.answering.service import write_answers
from engage.assessment.models import OfflineKey, Response
from engage.assessment.offline import queries
from engage.assessment.offline.queries import KeptResponse
from engage.assessment.offline.rules import LONGEST, MOST_AT_ONCE, Opened, Waiting, is_older, opened
from engage.assessment.rules import Said
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import hashed, new_token

# As static/sealed.js writes it: no other way to seal is opened.
ALGORITHMS = ["ECDH-ES", "A256GCM"]


def make_key(response: Response) -> tuple[str, dict[str, str | list[str]]]:
    """Makes the key for one more phone; returns the name by which the phone asks for it, and the public key.

    Raises WrongState if very many phones keep this response's questions already.
    """
    if not queries.may_have_a_key(response):
        raise WrongState(_("Too many phones already keep these questions."))
    handle, key = new_token(), ECKey.generate_key("P-256")
    row = OfflineKey(
        coalition_id=response.coalition_id,
        response_id=response.id,
        private=key.as_dict(private=True),
        handle_hash=hashed(handle),
    )
    db.session.add(row)
    return handle, key.as_dict(private=False)


def take(kept: KeptResponse, waiting: Sequence[Waiting], read: Callable[[Opened], Said | None]) -> list[int]:
    """Saves the answers that waited, in the order of answering and each once; returns the numbers of those refused.

    `read` returns None for what the round does not ask. A note of an earlier answer stays, since none ever waits.
    """
    refused, private = [], ECKey.import_key(kept.key.private)
    said: dict[str, Said] = {}
    saved = queries.saved_at(kept.response)
    now = clock.now()
    for each in waiting[:MOST_AT_ONCE]:
        if each.number <= kept.key.taken:
            continue
        kept.key.taken = each.number
        found = _opened(each, private)
        answer = read(found) if found is not None else None
        if found is None or answer is None:
            refused.append(each.number)
        elif not is_older(now - each.age, saved.get(found.question)):
            said[found.question] = answer
    write_answers(kept.response, said, None if kept.membership is None else now, keeps_notes=True)
    return refused


def _opened(waiting: Waiting, private: ECKey) -> Opened | None:
    if len(waiting.sealed) > LONGEST:
        return None
    try:
        plain = jwe.decrypt_compact(waiting.sealed, private, algorithms=ALGORITHMS).plaintext or b""
    except (JoseError, ValueError):
        return None
    found = opened(plain)
    return found if found is not None and found.number == waiting.number else None
