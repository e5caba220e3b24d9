"""Crashes PostgreSQL under people who write; after ten seconds it is back, and no one has to do anything."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults import clusters, kill
from tests.faults.browsers import UNANSWERED, Browser
from tests.faults.installations import Installation, installation
from tests.faults.rows import Row, row

AWAY = 10.0
TYPED = "What somebody typed while the database was away, and does not want to type again."
# What is asked for and answered with 503 must come back before a proxy or a person gives up.
ANSWERED_WITHIN = 8.0


@dataclass
class Patient(kill.Writer):
    """A writer who tries again, as the page of a busy database says."""

    statuses: Counter[str] = field(default_factory=Counter)

    def persist(self, until: threading.Event) -> None:
        for turn in self.turns:
            if until.is_set():
                return
            try:
                (self._update, self._move, self.tick, self._add)[turn % 4](turn)
            except UNANSWERED as error:
                self.statuses[type(error).__name__] += 1

    def _post(self, path: str, **fields: str) -> bool:
        saved = super()._post(path, **fields)
        if not saved:
            time.sleep(0.05)
        return saved


def run(away: float = AWAY) -> Row:
    """Runs the test with a scratch cluster that is stopped as in a crash."""
    with clusters.cluster() as cluster:
        return outage(cluster.url, cluster.stop, cluster.start, away)


def outage(database: str, stop: Callable[[], None], start: Callable[[], None], away: float) -> Row:
    """Runs the test; `stop` and `start` take the database away from the server and give it back."""
    with row(f"PostgreSQL gone for {away:.0f} seconds") as made_row, installation(database=database) as made:
        made_row.done = "the database crashes while 4 people write, and comes back"
        workers = [Patient(**vars(each)) for each in kill.writers(made, kill.WRITERS)]
        made.start()
        watcher = made.browser()
        for each in workers:
            each.browser.sign_in(each.email)
        watcher.sign_in(workers[0].email)
        stop(), start()
        made_row.must(
            watcher.get("/c/riverbend/").status == 200, "after a restart that nobody saw a page fails"
        )
        done = threading.Event()
        threads = [threading.Thread(target=each.persist, args=(done,)) for each in workers]
        for thread in threads:
            thread.start()
        time.sleep(2)
        stop()
        gone = time.monotonic()
        while time.monotonic() < gone + away:
            look(made, watcher, made_row)
        start()
        made_row.counts["seconds until it wrote again"] = f"{until_it_writes(watcher):.1f}"
        time.sleep(1)
        done.set()
        for thread in threads:
            thread.join()
        judge(made, workers, made_row)
    return made_row


def look(made: Installation, watcher: Browser, made_row: Row) -> None:
    """Checks what works during the outage: a page, a form with a text, `/healthz`, leaving."""
    began = time.monotonic()
    made_row.must(watcher.get("/c/riverbend/plan/").status == 503, "a page without a database is no 503")
    answer = watcher.post("/c/riverbend/plan/actions/1/updates", text=TYPED)
    made_row.must(answer.status == 503, f"a form without a database answers {answer.status}")
    made_row.must(TYPED in answer.text, "the typed text is not kept on the page")
    made_row.must(answer.headers["Retry-After"] == "5", "nobody is told when to try again")
    made_row.must(time.monotonic() - began < ANSWERED_WITHIN, "whoever asks meanwhile waits long")
    made_row.must(made.browser().get("/healthz").status == 503, "/healthz says that all is well")
    made_row.must(made.browser(watcher).get("/leave").status == 303, "nobody can leave")
    made_row.count("asked meanwhile", 4)
    time.sleep(0.2)


def until_it_writes(watcher: Browser) -> float:
    began = time.monotonic()
    while time.monotonic() < began + 30:
        if watcher.post("/c/riverbend/plan/actions/1/updates", text="And it goes on.").status == 303:
            break
        time.sleep(0.1)
    return time.monotonic() - began


def judge(made: Installation, workers: list[Patient], made_row: Row) -> None:
    lost: list[str] = []
    kill.compare(made, workers, made_row, lost)
    refused = sum((each.refused for each in workers), Counter())
    unanswered = sum((each.statuses for each in workers), Counter())
    made_row.counts |= {
        "acknowledged": sum(each.acknowledged for each in workers),
        "lost": len(lost),
        "refused with 503": refused.pop(503, 0),
        "refused as changed meanwhile": refused.pop(409, 0),
    }
    made_row.must(not lost, f"lost: {', '.join(lost[:3])}")
    made_row.must(not refused, f"refused with {dict(refused)}")
    made_row.must(not unanswered, f"no answer: {dict(unanswered)}")
    made_row.must(not made.crashed, "something crashed")
