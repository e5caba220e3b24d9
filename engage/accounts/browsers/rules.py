"""Names a browser in two plain words: enough to recognize your own, too little to track anyone."""

from msgspec import Struct


class Browser(Struct, frozen=True):
    """A browser such as "Firefox" on "Windows"; the fields are empty if the header does not say."""

    name: str = ""
    system: str = ""


# The order matters: most of these browsers also name those further down the list.
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
