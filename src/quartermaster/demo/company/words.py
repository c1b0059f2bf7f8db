"""What the demo company's names are made of. Invented; places are real towns with streets that are not."""

from typing import NamedTuple


class Family(NamedTuple):
    """A kind of goods: `price` and `cost_share` in percent of it, weights in g, sizes in mm, all of one."""

    prefix: str
    title: str
    designs: tuple[str, ...]
    variants: tuple[str, ...]
    option: str  # what tells the variants apart
    price: tuple[int, int]  # cents, tax included
    cost_share: tuple[int, int]
    weight_g: tuple[int, int]
    size_mm: tuple[int, int, int]
    hs_code: str
    origin: str
    wanted: int  # how often it is bought, beside the others


METALS = ("brass", "black", "copper", "white", "moss")
GLAZES = ("sand", "slate", "moss", "chalk", "rust")
WEAVES = ("ochre", "natural", "fog", "pine", "clay")
SCENTS = ("cedar", "sea salt", "fig", "smoke")
WOODS = ("oak", "walnut", "ash")
_A = ("Fjord", "Harbor", "Pine", "Tarn", "Quay", "Ember", "Dune", "Loft", "Birk", "Skerry")
_B = ("Alder", "Cove", "Heath", "Isle", "Juniper", "Kelp", "Larch", "Mast", "Nook", "Onda")

FAMILIES = (
    Family("LMP", "table lamp", _A, METALS, "finish", (6900, 14900), (34, 44), (1400, 2600),
           (240, 240, 420), "9405.21", "PT", 5),
    Family("PEN", "pendant lamp", _B[:8], METALS, "finish", (8900, 18900), (33, 43), (1800, 3200),
           (360, 360, 300), "9405.11", "PL", 3),
    Family("SHD", "lamp shade", _A[:7], WEAVES, "colour", (2900, 5900), (28, 38), (320, 640),
           (300, 300, 220), "9405.99", "PT", 3),
    Family("MUG", "stoneware mug", _B, GLAZES, "glaze", (1290, 2190), (26, 36), (340, 420),
           (125, 95, 100), "6912.00", "PT", 14),
    Family("BWL", "serving bowl", _A[:6], GLAZES, "glaze", (2490, 5490), (28, 38), (700, 1300),
           (240, 240, 95), "6912.00", "PT", 6),
    Family("PLT", "dinner plate", _B[:7], GLAZES, "glaze", (1590, 2690), (27, 36), (620, 820),
           (270, 270, 28), "6912.00", "PT", 6),
    Family("VAS", "vase", _A[:8], GLAZES, "glaze", (2290, 6490), (26, 38), (600, 1500),
           (140, 140, 260), "6913.90", "DE", 4),
    Family("THR", "wool throw", _B[:7], WEAVES, "colour", (5900, 11900), (36, 46), (900, 1300),
           (380, 300, 80), "6301.20", "PT", 6),
    Family("CUS", "cushion cover", _A, WEAVES, "colour", (1990, 3990), (28, 38), (180, 320),
           (260, 200, 20), "6304.93", "PT", 8),
    Family("TWL", "linen towel", _B[:8], WEAVES, "colour", (1190, 2490), (30, 40), (140, 260),
           (220, 160, 18), "6302.93", "LT", 9),
    Family("CDL", "candle", _A[:9], SCENTS, "scent", (1490, 2990), (24, 34), (260, 480),
           (90, 90, 110), "3406.00", "DE", 12),
    Family("SOP", "hand soap", _B[:6], SCENTS, "scent", (690, 1490), (22, 32), (110, 420),
           (85, 60, 40), "3401.11", "FR", 9),
    Family("TRY", "tray", _A[:6], WOODS, "wood", (2990, 5490), (34, 44), (700, 1400),
           (420, 280, 40), "4419.90", "PL", 4),
    Family("HKS", "wall hook", _B[:6], METALS, "finish", (790, 1690), (24, 34), (90, 210),
           (70, 50, 45), "8302.50", "DE", 7),
    Family("NTB", "notebook", _A[:7], WEAVES, "colour", (990, 1890), (24, 34), (180, 340),
           (215, 150, 18), "4820.10", "DE", 6),
    Family("BSK", "basket", _B[:8], WOODS, "wood", (3490, 6990), (34, 44), (600, 1500),
           (340, 340, 280), "4602.19", "ES", 3),
)  # fmt: skip

KITS = (
    ("SET-TEA", "Tea for two", ("MUG", 2), ("TRY", 1)),
    ("SET-BATH", "Bath shelf", ("TWL", 2), ("SOP", 1)),
    ("SET-EVE", "Evening light", ("CDL", 2), ("VAS", 1)),
    ("SET-TABLE", "Table for four", ("PLT", 4), ("BWL", 1)),
    ("SET-SOFA", "Sofa corner", ("CUS", 2), ("THR", 1)),
    ("SET-DESK", "Writing desk", ("NTB", 2), ("HKS", 2)),
)


class Town(NamedTuple):
    name: str
    postcode: str  # "#" stands for a digit
    region: str = ""


TOWNS: dict[str, tuple[Town, ...]] = {
    "DE": (
        Town("Berlin", "10###"), Town("Hamburg", "20###"), Town("München", "80###"), Town("Köln", "50###"),
        Town("Leipzig", "04###"), Town("Bremen", "28###"), Town("Freiburg", "79###"),
    ),
    "AT": (Town("Wien", "10#0"), Town("Graz", "80##"), Town("Linz", "40##")),
    "NL": (Town("Utrecht", "35## AB"), Town("Rotterdam", "30## KL"), Town("Groningen", "97## DE")),
    "FR": (Town("Lyon", "6900#"), Town("Nantes", "440##"), Town("Lille", "590##"), Town("Paris", "7501#")),
    "PT": (Town("Porto", "4#00-###"), Town("Lisboa", "1#00-###"), Town("Braga", "47##-###")),
    "ES": (Town("Madrid", "280##"), Town("Valencia", "460##"), Town("Bilbao", "480##")),
    "IT": (Town("Torino", "101##"), Town("Bologna", "401##")),
    "PL": (Town("Gdańsk", "80-###"), Town("Poznań", "60-###")),
    "DK": (Town("Aarhus", "80##"), Town("København", "21##")),
    "US": (
        Town("Portland", "972##", "OR"), Town("Oakland", "946##", "CA"), Town("Boise", "837##", "ID"),
        Town("Reno", "895##", "NV"), Town("Denver", "802##", "CO"),
    ),
}  # fmt: skip
# Of a hundred orders, so many go there.
SPREAD = {"DE": 38, "FR": 12, "US": 11, "PT": 8, "ES": 8, "NL": 7, "AT": 6, "IT": 4, "PL": 3, "DK": 3}

STREETS: dict[str, tuple[str, ...]] = {
    "DE": ("Speicherzeile", "Lotsenweg", "Kiefernallee", "Am Bootshaus", "Leuchtergasse"),
    "AT": ("Föhrengasse", "Zum Stegwirt", "Lindenrain"),
    "NL": ("Mastkade", "Dennenpad", "Lampenmakerstraat"),
    "FR": ("rue du Vieux Phare", "quai des Pins", "allée des Potiers"),
    "PT": ("Rua do Farol Velho", "Rua dos Pinheiros", "Travessa da Lã"),
    "ES": ("Calle del Faro", "Camino del Pinar", "Plaza del Torno"),
    "IT": ("via del Faro", "via dei Pini"),
    "PL": ("ulica Sosnowa", "ulica Latarników"),
    "DK": ("Fyrvej", "Granstien"),
    "US": ("Lantern Street", "Pine Harbor Road", "Old Mill Avenue"),
}
FIRST = (
    "Ada", "Anouk", "Bruno", "Carla", "Clara", "Daan", "Elif", "Emil", "Femke", "Filipa", "Greta", "Hanna",
    "Hugo", "Inês", "Ivo", "Jana", "Jonas", "Karim", "Lena", "Levi", "Lucía", "Maja", "Marta", "Mateo",
    "Mila", "Nadia", "Nils", "Olivia", "Otto", "Paula", "Pia", "Rafael", "Rosa", "Ruben", "Selma", "Sofia",
    "Stella", "Tomás", "Vera", "Yara",
)  # fmt: skip
LAST = (
    "Abel", "Almeida", "Arendt", "Bakker", "Barros", "Beck", "Blanc", "Brandt", "Caruso", "Castro", "Dahl",
    "Duarte", "Ebert", "Faber", "Ferro", "Fink", "Garnier", "Gallo", "Hansen", "Hart", "Iversen", "Jansen",
    "Kaiser", "Keller", "Kowal", "Lang", "Leroy", "Lopes", "Marsh", "Meyer", "Moreau", "Novak", "Olsen",
    "Pinto", "Quist", "Reyes", "Rossi", "Sander", "Santos", "Stone", "Thiel", "Urban", "Vidal", "Voss",
    "Wagner", "Weiss", "Winter", "Ybarra", "Zeller", "Ziegler",
)  # fmt: skip
