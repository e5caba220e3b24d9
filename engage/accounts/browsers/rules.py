"""Which browser it is, in two plain words: enough to know one's own, too little to follow anybody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """ "Firefox" on "Windows"; empty where it does not say."""

    name: str = ""
    system: str = ""


# In this order: most of them also name those that stand below them.
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
    """What the header's words come down to; the header itself is never kept."""

    def first(words: tuple[tuple[str, str], ...]) -> str:
        return next((name for word, name in words if word in user_agent), "")

    return Browser(first(_NAMES), first(_SYSTEMS))
