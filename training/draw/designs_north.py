"""Canadian and Mexican plates; columns as in designs_us.py."""
CANADA = """
ca-ab|white|red|Alberta/x/red/t|Wild Rose Country/red/b|AAA 999 AAA-9999|pic:rose:centre:rose
ca-ab|white|red|ALBERTA/s/red/t|WILD ROSE COUNTRY/red/b|AAA-999 AAA-9999|border:red
ca-bc|white|blue|British Columbia/x/blue/t|Beautiful/blue/t2|AAA 999 999 AAA AA9 99A|pic:flag:centre:red
ca-bc|white|navy|Beautiful British Columbia/s/navy/b||AAA 999 999 AAA AA9 99A|pic:flag:centre:red pic:wave:bg:ltblue
ca-bc|ltblue>white|navy|BRITISH COLUMBIA/s/navy/b|The Best Place on Earth/navy/t|999 AAA|pic:flag:centre:red
ca-mb|white>ltblue|navy|Manitoba/s/navy/t|Friendly/red/t2|AAA 999|pic:bison:left:brown pic:wave:bg:blue
ca-mb|ltblue>white>ltgreen|navy|FRIENDLY MANITOBA/s/navy/t||AAA 999|pic:bear:left:white pic:pine:bg:green
ca-nb|white|red|New Nouveau Brunswick/s/red/t||AAA 999 AAA-999|pic:ship:centre:red
ca-nb|white>ltblue|navy|New Brunswick/s/navy/t|Be... in this place/navy/b|AAA 999|pic:ship:top:red
ca-nb|white|green|NEW BRUNSWICK/s/green/t|NOUVEAU-BRUNSWICK/green/b|AAA 999|pic:ship:centre:gold
ca-nl|white|blue|Newfoundland & Labrador/s/red/t|Canada's Happy Province/navy/b|AAA 999|pic:flower:left:purple
ca-nl|white>ltblue|navy|NEWFOUNDLAND AND LABRADOR/s/navy/t||AAA 999|pic:flower:left:green
ca-nl|white|blue|Newfoundland/s/red/t|A World of Difference/blue/b|AAA 999|pic:ship:left:blue
ca-ns|white>ltblue|blue|Nova Scotia/s/blue/t|Canada's Ocean Playground/blue/b|AAA 999|pic:ship:centre:ltblue
ca-ns|white|blue|NOVA SCOTIA/s/blue/t|CANADA'S OCEAN PLAYGROUND/blue/b|AAA 999 AAA-999|border:blue
ca-nt|ltblue|navy|Northwest Territories/s/red/t|Explore Canada's Arctic/red/b|999999 AA9999|pic:bear:bg:white
ca-nt|white>sky|navy|NORTHWEST TERRITORIES/s/navy/t|SPECTACULAR/navy/b|999999|pic:bear:bg:ltblue
ca-nu|ltblue>white|navy|Nunavut/r/navy/t|Explore Canada's Arctic/red/b|999 999|pic:bear:bg:white
ca-nu|navy>teal|white|NUNAVUT/s/gold/t||999 999 AAA 999|pic:star:bg:gold pic:bear:left:white
ca-on|white|blue|ONTARIO/s/blue/t|YOURS TO DISCOVER/blue/b|AAAA 999 AAA 999 999 AAA|pic:crown:centre:blue
ca-on|white|navy|Ontario/s/blue/t|Yours to Discover/blue/b|AAAA 999|pic:crown:centre:blue border:blue
ca-on|blue>navy|white|Ontario/s/white/t|A Place to Grow/white/b|AAAA 999|pic:flower:tl:white
ca-pe|white>ltgreen|navy|Prince Edward Island/s/navy/t|Birthplace of Confederation/navy/b|999 AA 99 AAA|pic:lighthouse:left:red
ca-pe|white>sky|navy|PRINCE EDWARD ISLAND/s/green/t|THE GREEN PROVINCE/green/b|AA 999 99999|pic:wave:bg:rose
ca-pe|sky>white|green|Prince Edward Island/x/red/t|Confederation Bridge/navy/b|AA 999|pic:bridge:bg:blue
ca-qc|white|blue|Québec/s/blue/t|Je me souviens/blue/b|AAA 999 999 AAA A99 AAA|pic:fleur:tl:blue
ca-qc|white|navy|QUÉBEC/s/navy/t|JE ME SOUVIENS/navy/b|999A999 AAA 999|pic:fleur:centre:blue border:navy
ca-qc|white|blue|Québec/r/blue/t|La belle province/blue/b|999 AAA 999A999|pic:fleur:tr:blue
ca-sk|white|green|Saskatchewan/s/green/t|Land of Living Skies/green/b|999 AAA|pic:wheat:centre:green
ca-sk|white>ltgreen|dkgreen|SASKATCHEWAN/s/green/t|LAND OF LIVING SKIES/green/b|999 AAA AAA 999|pic:wheat:centre:gold
ca-yt|white|navy|Yukon/r/red/t|The Klondike/red/b|AAA 99 AAA99|pic:miner:left:brown
ca-yt|white>gold|navy|YUKON/s/navy/t|THE KLONDIKE/navy/b|AAA 99 99999|pic:miner:left:gold
"""

# code, name as written, first and last letters of the private series of 2001 on (NOM-001-SCT-2)
MEXICO = (
    ("agu", "AGUASCALIENTES", "AAA", "AFZ"), ("bcn", "BAJA CALIFORNIA", "AGA", "CYZ"), ("bcs", "BAJA CALIFORNIA SUR", "CZA", "DEZ"),
    ("cam", "CAMPECHE", "DFA", "DKZ"), ("chp", "CHIAPAS", "DLA", "DSZ"), ("chh", "CHIHUAHUA", "DTA", "ETZ"),
    ("coa", "COAHUILA", "EUA", "FPZ"), ("col", "COLIMA", "FRA", "FWZ"), ("dur", "DURANGO", "FXA", "GFZ"),
    ("gua", "GUANAJUATO", "GGA", "GYZ"), ("gro", "GUERRERO", "GZA", "HFZ"), ("hid", "HIDALGO", "HGA", "HRZ"),
    ("jal", "JALISCO", "HSA", "LFZ"), ("mex", "ESTADO DE MEXICO", "LGA", "PEZ"), ("mic", "MICHOACAN", "PFA", "PUZ"),
    ("mor", "MORELOS", "PVA", "RDZ"), ("nay", "NAYARIT", "REA", "RJZ"), ("nle", "NUEVO LEON", "RKA", "TGZ"),
    ("oax", "OAXACA", "THA", "TMZ"), ("pue", "PUEBLA", "TNA", "UJZ"), ("que", "QUERETARO", "UKA", "UPZ"),
    ("roo", "QUINTANA ROO", "URA", "UVZ"), ("slp", "SAN LUIS POTOSI", "UWA", "VEZ"), ("sin", "SINALOA", "VFA", "VSZ"),
    ("son", "SONORA", "VTA", "WKZ"), ("tab", "TABASCO", "WLA", "WWZ"), ("tam", "TAMAULIPAS", "WXA", "XSZ"),
    ("tla", "TLAXCALA", "XTA", "XXZ"), ("ver", "VERACRUZ", "XYA", "YVZ"), ("yuc", "YUCATAN", "YWA", "ZCZ"),
    ("zac", "ZACATECAS", "ZDA", "ZHZ"), ("cmx", "CDMX", "A", "Z"),
)
MEXICO_OTHER_NAMES = {"cmx": ("CIUDAD DE MEXICO", "CDMX", "DISTRITO FEDERAL", "DF"), "mex": ("MEXICO", "EDO. MEX.", "ESTADO DE MEXICO", "EDOMEX"),
                      "bcn": ("BAJA CALIFORNIA", "BAJA CALIF", "BC"), "bcs": ("BAJA CALIFORNIA SUR", "B. C. SUR"),
                      "coa": ("COAHUILA", "COAHUILA DE ZARAGOZA"), "mic": ("MICHOACAN", "MICHOACÁN"), "nle": ("NUEVO LEON", "NUEVO LEÓN"),
                      "slp": ("SAN LUIS POTOSI", "S. L. P.", "SAN LUIS POTOSÍ"), "que": ("QUERETARO", "QRO", "QUERÉTARO"), "roo": ("QUINTANA ROO", "Q. ROO"),
                      "yuc": ("YUCATAN", "YUCATÁN"), "ver": ("VERACRUZ", "VERACRUZ LLAVE")}
MEXICO_SLOGANS = ("DELANTERA", "TRASERA", "DELANTERA MEXICO", "TRASERA MEXICO", "MEXICO", "MEX", "DEL", "TRAS", "PARTICULAR", "AUTOMOVIL", "")
MEXICO_PICTURES = ("map", "disc", "skyline", "range", "sun", "flower", "bird", "wave", "cactus", "arch", "pyramid", "fish", "lighthouse")
# of one state each: the picture or colour most often seen there
MEXICO_LOOKS = {"bcn": "white>sky", "son": "orange>white", "chh": "white>sand", "sin": "white>ltgreen", "nle": "white>ltblue", "tam": "white>orange",
                "coa": "white>rose", "jal": "white>ltblue", "cmx": "white>rose", "mex": "white>ltgreen", "yuc": "white>gold", "ver": "white>ltgreen"}
