"""Names a browser in two plain words: enough to know one's own, too little to follow anyone."""

from msgspec import Struct


class Browser(Struct, frozen=True):
    """A browser such as "Firefox" on "Windows"; empty if it does not say."""

    name: str = ""
    system: str = ""


# The order matters: most of them also name those below them.
_NAMES = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_of(user_agent: str) -> Browser:
    """Returns a summary of the header, which is never kept."""

    def first(words: tuple[tuple[str, str], ...]) -> str:
        return next((name for word, name in words if word in user_agent), "")

    return Browser(first(_NAMES), first(_SYSTEMS))
