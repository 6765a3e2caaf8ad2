"""European and South American plates: (code, what stands in the band, serials, seal between groups, extras)."""
EUROPE = (
    ("de", "D", ("A AA 999", "AA AA 9999", "AAA A 999", "AA A 9999", "AAA AA 99", "A AA 9999E"), "seals", ""),
    ("fr", "F", ("AA-999-AA",), "", "right-department"), ("it", "I", ("AA 999 AA",), "", "right-blue"),
    ("es", "E", ("9999 BBB",), "", ""), ("nl", "NL", ("99-AA-AA", "AA-999-A", "A-999-AA", "9-AAA-99", "99-AAA-9"), "", "yellow"),
    ("pl", "PL", ("AA 99999", "AAA 9999", "AA 9999A", "AAA AA99", "A9 AAA 99"), "sticker", ""),
    ("gb", "GB", ("AA99 AAA",), "", "half-yellow"), ("gb", "UK", ("AA99 AAA",), "", "half-yellow flag"),
    ("gb", "", ("AA99 AAA", "A999 AAA", "AAA 999A"), "", "half-yellow"), ("gb", "GB", ("AA99 AAA",), "", "half-yellow flag"),
    ("sk", "SK", ("AA 999AA", "AA-999AA"), "shield", ""), ("cz", "CZ", ("9A9 9999", "9AA 9999"), "sticker", ""),
    ("ro", "RO", ("AA 99 AAA", "A 999 AAA", "A 99 AAA"), "", ""), ("at", "A", ("A 99999A", "AA 999AA", "A 9999AA"), "shield", "red-lines"),
    ("be", "B", ("9-AAA-999",), "", "red-ink"), ("hu", "H", ("AAA-999", "AA AA-999"), "shield", ""), ("se", "S", ("AAA 999", "AAA 99A"), "sticker", ""),
    ("dk", "DK", ("AA 99 999",), "", "red-border"), ("fi", "FIN", ("AAA-999",), "", ""), ("pt", "P", ("99-99-AA", "AA-99-99", "99-AA-99", "AA 99 AA"), "", "right-yellow"),
    ("ie", "IRL", ("99-A-9999", "999-A-99999", "99-AA-999", "999-AA-9999"), "", "county-top"), ("gr", "GR", ("AAA-9999",), "", ""),
    ("bg", "BG", ("AA 9999 AA", "A 9999 AA"), "", ""), ("hr", "HR", ("AA 9999-AA", "AA 999-AA"), "shield", ""), ("si", "SLO", ("AA A9-999", "AA 99-AAA"), "shield", "green-border"),
    ("lt", "LT", ("AAA 999",), "sticker", ""), ("lv", "LV", ("AA-9999",), "", ""), ("ee", "EST", ("999 AAA",), "", ""), ("lu", "L", ("AA 9999",), "", "yellow"),
    ("ch", "", ("AA 999999", "AA 99999", "AA 9999"), "", "swiss"), ("no", "N", ("AA 99999",), "", ""), ("ua", "UA", ("AA 9999 AA",), "", "ua-band"),
)
STARLESS = ("no", "ua", "ch")  # bands without the ring of stars

BRAZIL_STATES = ("SP", "RJ", "MG", "RS", "PR", "SC", "BA", "PE", "CE", "GO", "DF", "ES", "MT", "MS", "PA", "AM", "RN", "PB", "AL", "SE", "PI", "MA", "TO", "RO", "AC", "AP", "RR")
BRAZIL_CITIES = ("SAO PAULO", "RIO DE JANEIRO", "CURITIBA", "BELO HORIZONTE", "PORTO ALEGRE", "BRASILIA", "SALVADOR", "RECIFE", "FORTALEZA", "GOIANIA", "CAMPINAS",
                 "SANTOS", "OSASCO", "JOINVILLE", "LONDRINA", "MARINGA", "UBERLANDIA", "NATAL", "MACEIO", "BELEM", "MANAUS", "VITORIA", "CUIABA", "ARACAJU")
