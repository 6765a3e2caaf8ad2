"""The design tables, parsed: what a plate of each jurisdiction may look like."""
import functools
from typing import NamedTuple

from . import designs_north, designs_us, designs_world

COLOURS = {
    "white": (246, 246, 244), "cream": (245, 238, 205), "yellow": (250, 218, 70), "gold": (240, 180, 40), "orange": (240, 135, 40), "red": (200, 30, 40),
    "maroon": (115, 25, 40), "rose": (240, 150, 150), "pink": (235, 150, 190), "peach": (250, 215, 180), "peachy": (245, 170, 120), "green": (0, 115, 65), "dkgreen": (10, 70, 45),
    "ltgreen": (190, 225, 175), "teal": (30, 140, 140), "turq": (60, 170, 175), "sky": (130, 190, 235), "ltblue": (175, 210, 240), "blue": (30, 85, 170),
    "navy": (20, 35, 100), "purple": (105, 70, 140), "lilac": (200, 180, 220), "brown": (110, 70, 45), "tan": (205, 180, 140), "sand": (225, 200, 150),
    "grey": (150, 150, 155), "silver": (195, 198, 202), "black": (20, 20, 24),
}
US_NAMES = {
    "al": "Alabama", "ak": "Alaska", "az": "Arizona", "ar": "Arkansas", "ca": "California", "co": "Colorado", "ct": "Connecticut", "de": "Delaware",
    "dc": "Washington, DC", "fl": "Florida", "ga": "Georgia", "hi": "Hawaii", "id": "Idaho", "il": "Illinois", "in": "Indiana", "ia": "Iowa", "ks": "Kansas",
    "ky": "Kentucky", "la": "Louisiana", "me": "Maine", "md": "Maryland", "ma": "Massachusetts", "mi": "Michigan", "mn": "Minnesota", "ms": "Mississippi",
    "mo": "Missouri", "mt": "Montana", "ne": "Nebraska", "nv": "Nevada", "nh": "New Hampshire", "nj": "New Jersey", "nm": "New Mexico", "ny": "New York",
    "nc": "North Carolina", "nd": "North Dakota", "oh": "Ohio", "ok": "Oklahoma", "or": "Oregon", "pa": "Pennsylvania", "ri": "Rhode Island",
    "sc": "South Carolina", "sd": "South Dakota", "tn": "Tennessee", "tx": "Texas", "ut": "Utah", "vt": "Vermont", "va": "Virginia", "wa": "Washington",
    "wv": "West Virginia", "wi": "Wisconsin", "wy": "Wyoming",
}
CANADA_NAMES = {"ab": "Alberta", "bc": "British Columbia", "mb": "Manitoba", "nb": "New Brunswick", "nl": "Newfoundland", "ns": "Nova Scotia",
                "nt": "Northwest Territories", "nu": "Nunavut", "on": "Ontario", "pe": "Prince Edward Island", "qc": "Québec", "sk": "Saskatchewan", "yt": "Yukon"}
# words on plates that name no state: other issuers and invented ones
STRANGERS = ("PUERTO RICO", "GUAM", "AMERICAN SAMOA", "VIRGIN ISLANDS", "U.S. GOVERNMENT", "FOR OFFICIAL USE ONLY", "CHEROKEE NATION", "NAVAJO NATION", "OSAGE NATION", "CHOCTAW",
             "RED LAKE", "CHICKASAW NATION", "ONEIDA NATION", "U.S. FORCES GERMANY", "BAHAMAS", "BERMUDA", "CAYMAN ISLANDS", "JAMAICA", "GUATEMALA", "BELIZE", "PANAMA",
             "COSTA RICA", "HONDURAS", "EL SALVADOR", "NICARAGUA", "CUBA", "AUSTRALIA", "QUEENSLAND", "VICTORIA", "JAPAN", "DIPLOMAT", "CONSUL", "U.S. NAVY", "U.S. ARMY")
WORLD = ("br", "ar", "uy")
TYPES = ("private", "commercial", "taxi", "diplomatic", "temporary", "motorcycle", "government", "dealer", "other")
TYPE_WORDS = {
    "commercial": ("TRUCK", "COMMERCIAL", "APPORTIONED", "TRAILER", "FLEET", "FARM", "BUS", "TRACTOR", "PRP", "APPORTION", "RENTAL", "CARGA", "TRANSPORT"),
    "taxi": ("TAXI", "LIVERY", "FOR HIRE", "LIMOUSINE", "LIMO", "T&LC", "TAXICAB"), "diplomatic": ("DIPLOMAT", "CONSUL", "CONSULAR CORPS", "HONORARY CONSUL", "DIPLOMATICO"),
    "temporary": ("TEMPORARY", "TEMP", "TRANSIT", "TEMPORARY TAG", "IN TRANSIT", "TEMPORARY PERMIT", "EXPIRES"), "motorcycle": ("MOTORCYCLE", "CYCLE", "MC", "M/C", "MOTOR CYCLE", ""),
    "government": ("EXEMPT", "STATE OWNED", "OFFICIAL", "MUNICIPAL", "GOVERNMENT", "POLICE", "SHERIFF", "COUNTY EXEMPT", "STATE POLICE", "CITY OWNED"),
    "dealer": ("DEALER", "DLR", "MANUFACTURER", "TRANSPORTER", "DEMO", "DEALER PLATE", "USED DEALER"),
    "other": ("VETERAN", "DISABLED VETERAN", "PURPLE HEART", "ANTIQUE", "HISTORIC VEHICLE", "AMATEUR RADIO", "FIREFIGHTER", "NATIONAL GUARD", "EX-POW", "CLASSIC CAR", "HANDICAPPED", "U.S. MARINE CORPS"),
}
COUNTIES = ("JEFFERSON", "MADISON", "WASHINGTON CO", "FRANKLIN", "JACKSON", "LINCOLN", "MONROE", "MARION", "UNION", "WAYNE", "CLAY", "ORANGE", "HAMILTON", "LEE", "POLK", "COBB", "FULTON",
            "SHELBY", "KNOX", "STORY", "DALLAS", "LINN", "JOHNSON", "HINDS", "RANKIN", "DESOTO", "FAYETTE", "KENTON", "BOONE", "GWINNETT", "HARRISON", "DAVIDSON", "SUMNER", "SCOTT")


class Design(NamedTuple):
    code: str
    base: tuple
    ink: str
    name: str
    letters: str
    name_colour: str
    place: str
    slogan: tuple  # (text, colour, place) or ()
    serials: tuple
    extras: tuple  # (key, value, value) each


def _serials(text):
    """Shapes of registrations; a short word belongs to the next one, with a gap between."""
    made, words = [], text.split()
    while words:
        first = words.pop(0)
        if len(first) < 5 and words and len(words[0]) <= 5 and "-" not in first + words[0]:
            first += " " + words.pop(0)
        if len(first) > 2:
            made.append(first)
    return tuple(made) or ("AAA 999",)


def _parse(line):
    code, base, ink, name, slogan, serials, extras = line.split("|")
    text, letters, colour, place = name.rsplit("/", 3)
    said = tuple(slogan.rsplit("/", 2)) if slogan else ()
    return Design(code, tuple(base.split(">")), ink, text, letters, colour, place, said, _serials(serials), tuple(tuple(e.split(":")) for e in extras.split()))


@functools.lru_cache(maxsize=1)
def designs():
    """All American and Canadian designs by code."""
    found = {}
    for table in (designs_us.TABLE, designs_north.CANADA):
        for line in table.strip().splitlines():
            d = _parse(line)
            found.setdefault(d.code, []).append(d)
    return found


@functools.lru_cache(maxsize=1)
def jurisdictions():
    europe = sorted({e[0] for e in designs_world.EUROPE})
    mexico = [f"mx-{m[0]}" for m in designs_north.MEXICO] + ["mx-fed", "mx-fro"]
    return tuple([f"us-{k}" for k in sorted(US_NAMES)] + [f"ca-{k}" for k in sorted(CANADA_NAMES)] + sorted(mexico) + europe + list(WORLD) + ["unknown"])


def plain_name(code):
    area, _, part = code.partition("-")
    if area == "us":
        return US_NAMES[part]
    if area == "ca":
        return CANADA_NAMES[part]
    return ""
