"""Licence plates of the United States, about 1980 to 2024, one design a line.

Columns: code | base, top to bottom | ink | name/letters/colour/place | slogan/colour/place | serials | extras
Letters: s sans, b bold, c condensed, r serif, x script, i italic. Places: t top, b bottom, tl, tr, bl, br.
Extras: pic:shape:place:colour, band:place:colour, county, border:colour, emblem words after word:.
Written down from general knowledge of the plates; no picture was traced.
"""
TABLE = """
us-al|white|navy|Alabama/s/red/t|Heart of Dixie/red/t2|9A9999A 9AA9999 99A9999|pic:heart:tl:red
us-al|ltblue>white|navy|Alabama/x/blue/b|Stars Fell On/blue/t|9A9999A 99A99A9 9999A99|pic:star:tl:white
us-al|sky>white>ltgreen|navy|Alabama/r/blue/t|Sweet Home/navy/b|9A9999A 99A99A9 999AAAA|pic:wave:bg:sky
us-al|orange>cream>teal|black|Alabama/x/navy/t|Heart of Dixie/navy/b|9AA9999 99A99A9|pic:sun:bg:yellow county
us-al|white>ltblue|navy|ALABAMA/b/navy/t|GOD BLESS AMERICA/red/b|9999GBA AA99AAA|pic:flag:bg:red
us-ak|gold|navy|ALASKA/r/navy/t|The Last Frontier/navy/b|AAA 999|pic:flag:centre:navy
us-ak|gold|navy|Alaska/r/navy/t|THE LAST FRONTIER/navy/b|AAA 999|pic:bear:centre:brown
us-ak|white>sky|red|Alaska/x/navy/t|Gold Rush Centennial 1898 - 1998/navy/b|AAA 999|pic:mountain:bg:blue
us-ak|sky>cream|navy|ALASKA/s/black/t|THE LAST FRONTIER/black/b|AAA 999|pic:bear:centre:brown pic:mountain:bg:grey
us-az|maroon|white|ARIZONA/s/white/t|GRAND CANYON STATE/white/b|AAA 999 999 AAA|border:white
us-az|turq>white>purple|dkgreen|ARIZONA/s/white/t|GRAND CANYON STATE/white/b|999 AAA AAA 999 AAA9999|pic:cactus:bg:green pic:mountain:bg:purple pic:sun:tr:cream
us-az|turq>sand>lilac|dkgreen|Arizona/s/navy/t|Grand Canyon State/purple/b|AAA9999 A9A9A9A|pic:cactus:left:teal pic:mountain:bg:lilac
us-ar|white|blue|ARKANSAS/s/red/t|THE NATURAL STATE/red/b|999 AAA AAA 999|border:red
us-ar|white|navy|Arkansas/x/red/t|The Natural State/red/b|999 AAA|pic:diamond:bg:grey
us-ar|ltblue>white|navy|Arkansas/r/navy/t|The Natural State/navy/b|999 AAA AAA 99A|pic:diamond:centre:ltblue
us-ar|white|red|Arkansas/s/blue/t|Land of Opportunity/blue/b|AAA 999|
us-ca|white|navy|California/x/red/t||9AAA999 9AAA999|
us-ca|white|navy|California/x/red/t|dmv.ca.gov/navy/b|9AAA999 AAA999|
us-ca|navy|gold|CALIFORNIA/b/gold/t||9AAA999 999 AAA|
us-ca|white|navy|California/b/red/t|The Golden State/gold/b|9AAA999|pic:sun:bg:gold
us-ca|white|navy|CALIFORNIA/s/red/t|SESQUICENTENNIAL 150 YEARS/navy/b|9AAA999|
us-ca|black|gold|CALIFORNIA/b/gold/t||9AAA999 AAA 999|
us-ca|white|navy|California/x/red/t|dmv.ca.gov/navy/b|9A99999 99999A9|type:commercial
us-co|green|white|COLORADO/b/white/b||AAA9999 AAA 9999|pic:range:bg:white
us-co|white>white>dkgreen|green|COLORADO/b/white/b||AAA9999 999-AAA AAA-999|pic:range:bg:dkgreen
us-co|dkgreen|white|COLORADO/s/white/b||999-AAA 999-AAA AAA-A99|pic:range:bg:white
us-co|white|green|COLORADO/b/green/t|DESIGNER/green/b|AA9999 A99999|pic:range:bg:green
us-ct|blue|white|CONNECTICUT/s/white/t|CONSTITUTION STATE/white/b|999 AAA AAA 999|pic:map:tl:white
us-ct|sky>white|navy|Connecticut/r/navy/t|Constitution State/navy/b|999 AAA AAA 999 9AAAA9|pic:map:tl:blue
us-ct|blue>ltblue>white|navy|Connecticut/i/navy/t|Preserve the Sound/navy/b|99LIS 999 AA 99999|pic:lighthouse:right:white pic:wave:bg:blue
us-de|navy|gold|DELAWARE/s/gold/b|THE FIRST STATE/gold/t|999999 99999 999999|border:gold
us-de|navy|gold|DELAWARE/s/gold/b|THE FIRST STATE/gold/t|C 99999 PC 9999|
us-de|black|white|DELAWARE/s/white/b|THE FIRST STATE/white/t|99999 9999|border:white
us-de|ltblue>white|navy|Delaware/r/navy/t|Small Wonder/navy/b|AA 9999|pic:ship:centre:navy
us-dc|white|navy|WASHINGTON, D.C./s/navy/t|TAXATION WITHOUT REPRESENTATION/navy/b|AA 9999 AB 9999|pic:dcflag:centre:red band:top:white
us-dc|white|navy|Washington, D.C./s/navy/t|Celebrate & Discover/red/b|999-999 AA 9999|pic:dcflag:centre:red
us-dc|white|navy|WASHINGTON, DC/s/red/t|www.washingtondc.gov/navy/b|AA 9999|pic:dcflag:centre:red
us-dc|white|navy|DISTRICT OF COLUMBIA/s/red/t|A CAPITAL CITY/red/b|999-999|pic:dcflag:centre:red
us-fl|white|green|FLORIDA/s/orange/t|SUNSHINE STATE/orange/b|AAA 99A AAA 999|pic:map:centre:orange
us-fl|white|dkgreen|MYFLORIDA.COM/b/green/t|SUNSHINE STATE/green/b|A99 9AA AAA A99 9999AA|pic:orange:centre:orange
us-fl|white|dkgreen|FLORIDA/b/green/t|SUNSHINE STATE/green/b|999 AAA A99 9AA|pic:orange:centre:orange
us-fl|ltgreen>white|dkgreen|MYFLORIDA.COM/s/green/t|IN GOD WE TRUST/green/b|AAA A99|pic:orange:centre:orange
us-fl|sky>white>sand|navy|FLORIDA/s/red/t|PROTECT WILD DOLPHINS/navy/b|A9A 9A A99AA|pic:fish:left:blue
us-fl|sky>white|navy|Florida/x/red/t|Save the Manatee/navy/b|A9A 9A AAA 99|pic:fish:left:grey
us-ga|white|black|GEORGIA/s/green/t|PEACH STATE/green/b|AAA 999|pic:peach:top:orange county
us-ga|white|navy|Georgia/s/green/t|on my mind/green/t2|999 AAA AAA 9999 9999 AAA|pic:peach:centre:orange county
us-ga|cream>white>ltgreen|black|GEORGIA/s/green/t|...on my mind/green/b|9999 AAA|pic:peach:left:orange county
us-ga|white>peach|navy|www.georgia.gov/s/navy/t|IN GOD WE TRUST/navy/b|AAA 9999|pic:peach:centre:peachy county
us-ga|white>sky|black|Georgia/r/navy/t|PEACH STATE/navy/b|AAA9999|pic:peach:right:orange pic:flower:left:peachy
us-hi|white|black|HAWAII/s/red/t|ALOHA STATE/red/b|AAA 999|pic:rainbow:bg:red
us-hi|white|black|HAWAII/b/black/t|ALOHA STATE/black/b|AAA 999|pic:rainbow:bg:orange
us-hi|cream|maroon|HAWAII/b/maroon/t|ALOHA STATE/maroon/b|AAA 999|pic:portrait:centre:maroon
us-id|red>white>ltblue|navy|IDAHO/r/navy/t|Famous Potatoes/navy/b|9A 99999 A 999999 9A A9999|pic:range:bg:blue word:Scenic
us-id|rose>white>ltblue|navy|Scenic Idaho/x/red/t|Famous Potatoes/navy/b|1A 99999 A 99999|pic:range:bg:ltblue
us-id|green|white|IDAHO/s/white/t|FAMOUS POTATOES/white/b|1A 99999|border:white
us-id|red>white>blue|navy|IDAHO/b/navy/t|CENTENNIAL 1890-1990/red/b|1A 9999 2C 99999|pic:range:bg:green
us-il|white|navy|Illinois/x/navy/t|Land of Lincoln/navy/b|AAA 999 AB 1234 999 999|border:navy
us-il|ltblue>white|red|Illinois/s/navy/t|Land of Lincoln/navy/b|999 9999 A99 9999 AAA 999|pic:portrait:centre:ltblue
us-il|sky>white|red|ILLINOIS/s/navy/t|Land of Lincoln/navy/b|AA 99999 A99 9999|pic:portrait:left:sky pic:skyline:bg:ltblue
us-il|white|blue|ILLINOIS/b/blue/t|LAND OF LINCOLN/blue/b|AAA 999 AA 9999|border:blue
us-in|white>gold|navy|INDIANA/b/navy/t|The Crossroads of America/navy/b|99A9999 9A9999|pic:map:centre:gold county
us-in|orange>gold>navy|navy|Indiana/x/navy/t|Amber Waves of Grain/gold/b|99A9999|pic:wheat:bg:gold
us-in|navy>white>green|navy|INDIANA/s/white/t|WWW.IN.GOV/white/b|99A 9999 999A AAA999|pic:skyline:bg:green
us-in|navy>ltblue|white|INDIANA/s/gold/t|IN GOD WE TRUST/white/b|AA 9999 AAA 999|pic:flag:right:red pic:star:right:gold
us-in|ltblue>white|navy|INDIANA/r/navy/t|LINCOLN'S BOYHOOD HOME/navy/b|999 AAA 999A|pic:torch:left:gold pic:star:bg:gold
us-in|white>sky|navy|Indiana/r/navy/t|Bicentennial 1816-2016/navy/b|AAA999 999AAA|pic:bridge:bg:blue
us-in|white|navy|INDIANA/s/red/t|HOOSIER HOSPITALITY/navy/b|99A9999|
us-ia|white>white>blue|navy|IOWA/s/navy/t||999 AAA AAA 999|pic:skyline:bg:ltblue county band:bottom:blue
us-ia|ltblue>white|navy|IOWA/b/navy/t||999 AAA|pic:barn:top:blue county
us-ia|white|blue|IOWA/s/blue/t||AAA 999|county border:blue
us-ia|sky>white>green|black|Iowa/r/black/t||AAA 999|pic:skyline:bg:grey pic:barn:tl:red county
us-ia|black|white|IOWA/b/white/t||AAA 999 999AAA|county
us-ks|ltblue>white|navy|KANSAS/s/navy/t|Midway U.S.A./navy/b|AAA 999|pic:wheat:right:gold
us-ks|white|navy|Kansas/x/navy/t|THE WHEAT STATE/gold/b|AAA 999|pic:wheat:left:gold
us-ks|ltgreen>gold|navy|Kansas/s/navy/t||AAA 999|pic:wheat:bg:gold
us-ks|ltblue>white|navy|KANSAS/r/navy/t|TO THE STARS/navy/t2|999 AAA 999AAA 9999AAA|pic:torch:left:ltblue
us-ky|white|navy|KENTUCKY/s/navy/t|BLUEGRASS STATE/navy/b|AAA 999|county pic:horse:tr:blue pic:skyline:tl:blue
us-ky|ltblue>white|navy|Kentucky/s/navy/t|IT'S THAT FRIENDLY/navy/t2|AAA 999 999 AAA|pic:sun:bg:yellow pic:cloud:bg:white county
us-ky|ltblue>white>ltgreen|navy|Kentucky/x/navy/t|Bluegrass State/navy/b|999 AAA|pic:cloud:bg:white county
us-ky|white>ltblue|navy|KENTUCKY/s/blue/t|UNBRIDLED SPIRIT/blue/b|999 AAA 9999 AA|pic:horse:tl:blue county
us-ky|ltgreen>white|dkgreen|KENTUCKY/r/green/t|IN GOD WE TRUST/green/b|9999AA A9A 999|pic:bird:left:red county
us-la|white|navy|Louisiana/x/red/t|Sportsman's Paradise/red/b|AAA 999|pic:pelican:centre:brown
us-la|white>white>ltgreen|navy|LOUISIANA/s/red/t|Sportsman's Paradise/green/b|AAA 999 999 AAA|pic:pelican:centre:ltblue
us-la|white|blue|Louisiana/s/red/t|BAYOU STATE/red/b|999A999 AAA 999|pic:pelican:left:blue
us-la|sky>white|navy|Louisiana/x/navy/t|BICENTENNIAL 1812-2012/navy/b|AAA 999|pic:pelican:left:brown
us-me|white|black|MAINE/s/black/t|Vacationland/black/b|9999 A 99999 A 9999 AA|pic:lobster:bg:red
us-me|ltgreen>white|dkgreen|MAINE/s/black/t|Vacationland/black/b|9999 AA 9999 AB AAA 999|pic:bird:left:brown pic:pine:left:green
us-me|white>ltgreen|black|Maine/s/green/t|VACATIONLAND/green/b|9999 AA 999 AAA|pic:bird:left:black
us-me|ltblue>white|navy|MAINE/b/navy/t|A NATURAL TREASURE/navy/b|9999 CR 99999A|pic:bird:left:navy pic:wave:bg:blue
us-md|white|black|MARYLAND/s/black/t||AAA 999 999 AAA 9AA A99|pic:shield:centre:red
us-md|white|black|MARYLAND/s/black/t|www.maryland.gov/black/b|9AA A99 9AA9999|pic:shield:centre:gold
us-md|white>ltblue|navy|Maryland/s/red/t|WAR OF 1812/red/b|9AA9999 9AB9999|pic:flag:bg:red pic:ship:left:blue
us-md|white|black|Maryland/s/black/t|www.maryland.gov/black/b|9CA9999|pic:mdflag:bottom:gold
us-md|ltblue>white>ltgreen|navy|MARYLAND/s/navy/b|Treasure the Chesapeake/navy/t|999 999 999A99 99999 C|pic:pelican:left:navy
us-md|gold>white>green|dkgreen|MARYLAND/s/red/t|Our Farms, Our Future/red/b|99999 A 999A99|pic:barn:left:red
us-ma|white|red|Massachusetts/s/blue/t|The Spirit of America/blue/b|999 AAA 9999 AA 99A A99|border:blue
us-ma|white|red|MASSACHUSETTS/s/blue/t|THE SPIRIT OF AMERICA/blue/b|9999 AA 999 AA9 9AAA 99|
us-ma|white|green|MASSACHUSETTS/s/green/t||999 AAA 999-AAA|border:green
us-ma|ltblue>white|navy|Massachusetts/s/navy/b|Preserve the Trust/navy/t|AB 999 99999|pic:fish:left:navy
us-mi|blue|white|MICHIGAN/s/white/t|GREAT LAKES/white/b|AAA 999 999 AAA|border:white
us-mi|white>ltblue|navy|MICHIGAN/s/navy/t|Great Lakes Splendor/navy/b|AAA 9999|pic:bridge:bg:blue pic:sun:bg:gold
us-mi|blue>white>white|navy|MICHIGAN/s/white/t|www.michigan.gov/navy/b|AAA 9999 999 AAA|
us-mi|white|navy|PURE MICHIGAN/s/blue/t|Great Lakes State/blue/b|AAA 9999 9AA A99|
us-mi|gold>ltblue>navy|navy|Michigan/r/navy/t|Spectacular Peninsulas/navy/b|AA999 999A9|pic:bridge:bg:navy
us-mn|ltblue>white|navy|Minnesota/s/green/t|10,000 lakes/green/b|AAA 999 999 AAA|pic:pine:bg:green pic:wave:bg:blue word:Explore
us-mn|sky>white>ltblue|navy|MINNESOTA/s/navy/t|10,000 LAKES/navy/b|999 AAA AAA 999|pic:pine:top:green
us-mn|white|blue|MINNESOTA/s/blue/t|10,000 lakes/blue/b|AAA 999|border:blue
us-mn|gold>white>ltblue|navy|Minnesota/x/navy/t|Critical Habitat/navy/b|AA9999 99AA9|pic:bird:left:brown
us-ms|white|dkgreen|Mississippi/x/blue/t||AAA 999 999 AAA|pic:flower:centre:pink county
us-ms|ltblue>white|navy|MISSISSIPPI/s/navy/t|The Hospitality State/navy/b|AAA 999|pic:flower:bg:ltgreen county
us-ms|blue>ltblue>gold|navy|Mississippi/r/navy/t||AAA 999|pic:lighthouse:centre:white county
us-ms|teal>white|navy|Mississippi/s/navy/t|Birthplace of America's Music/navy/b|AAA 999|pic:guitar:centre:blue county
us-ms|tan>white>tan|navy|MISSISSIPPI/s/navy/t|IN GOD WE TRUST/navy/b|AAA 9999|pic:disc:bg:gold county
us-mo|maroon|white|MISSOURI/s/white/t|SHOW-ME STATE/white/b|AAA 999|border:white
us-mo|ltgreen>white>ltblue|navy|Missouri/s/navy/t|Show-Me State/navy/b|999 AAA 999-AAA 9A9 99A|pic:wave:bg:teal
us-mo|ltblue>white>ltgreen|navy|MISSOURI/s/navy/t|SHOW-ME STATE/navy/b|AA9 A9A 9AA99A|pic:bird:centre:blue
us-mo|white>ltblue|navy|Missouri/r/white/t|Bicentennial 1821-2021/navy/b|AA9 A9A|pic:disc:centre:navy band:top:red
us-mt|sky>white>blue|navy|MONTANA/s/navy/t|Big Sky/navy/b|9-9999A 9-99999 99-9999A|pic:range:bg:blue pic:skull:centre:grey
us-mt|gold>white>lilac|navy|Montana/s/navy/t|Big Sky Country/navy/b|99-9999A 999999A|pic:range:bg:purple pic:skull:centre:white
us-mt|blue|white|MONTANA/b/white/t|TREASURE STATE/white/b|9-99999A 99-9999A|pic:skull:centre:white pic:map:bg:ltblue
us-mt|blue>white|red|MONTANA/s/navy/t|TREASURE STATE/navy/b|9-9999A 999AAA|pic:range:bg:white pic:skull:centre:white
us-ne|orange>rose>white|black|NEBRASKA/s/black/t||9-A9999 99-A999|pic:wagon:bg:orange
us-ne|gold>white|blue|NEBRASKA/b/blue/t|www.state.ne.us/blue/b|9-A9999 AAA 999|pic:bird:left:blue
us-ne|ltblue>gold|black|Nebraska/x/navy/t|www.nebraska.gov/navy/b|99-A999 AAA 999|pic:bird:right:gold pic:flower:left:gold
us-ne|ltblue>white|blue|NEBRASKA/s/blue/t|1867-2017/blue/b|AAA 999 99-A999|pic:disc:centre:gold
us-ne|sky>rose|black|Nebraska/i/navy/t|The Good Life/navy/b|9-A9999|pic:sun:bg:orange
us-nv|navy|silver|NEVADA/s/silver/t|THE SILVER STATE/silver/b|999 AAA AAA 999|border:silver
us-nv|ltblue>white>silver|navy|NEVADA/s/navy/t|The Silver State/navy/b|999 AAA 999AAA|pic:range:bg:silver pic:goat:centre:grey
us-nv|gold>rose>blue|navy|NEVADA/r/navy/t|The Silver State/white/b|999 AAA 999 A99 99A 999|pic:range:bg:purple pic:sun:bg:yellow
us-nv|ltblue>white|navy|Nevada/s/navy/t|Home Means Nevada/navy/b|99A 999|pic:range:bg:ltblue pic:star:tr:navy
us-nh|white|green|NEW HAMPSHIRE/s/green/t|LIVE FREE OR DIE/green/b|AAA 999 999999 AAA999|border:green
us-nh|white>ltgreen|dkgreen|NEW HAMPSHIRE/s/green/t|LIVE FREE OR DIE/green/b|AAA 999 999 9999|pic:range:bg:green pic:pine:bg:green
us-nh|ltblue>white>ltgreen|dkgreen|New Hampshire/r/green/t|Live Free or Die/green/b|999 9999 AAA 999|pic:cliff:left:grey pic:range:bg:ltgreen
us-nj|blue|cream|NEW JERSEY/s/cream/t|GARDEN STATE/cream/b|AAA 99A 999 AAA|
us-nj|yellow>cream|black|NEW JERSEY/s/black/t|GARDEN STATE/black/b|AA 999A AAA 99A A99 AAA|pic:map:centre:black
us-nj|cream>yellow|black|New Jersey/x/black/t|Garden State/black/b|AAA 99A AA999A|pic:map:centre:green
us-nj|ltblue>white|navy|NEW JERSEY/s/navy/t|Shore to Please/navy/b|AA99 9A 99999A|pic:lighthouse:left:red pic:wave:bg:blue
us-nm|yellow|red|NEW MEXICO/s/red/t|Land of Enchantment/red/b|999 AAA AAA 999|pic:zia:centre:red border:red word:USA
us-nm|yellow|red|NEW MEXICO USA/s/red/t|LAND OF ENCHANTMENT/red/b|999 AAA AAA 999|pic:zia:centre:red
us-nm|turq|gold|NEW MEXICO/s/gold/t|Land of Enchantment/gold/b|AAA A99 999 AAA|pic:zia:centre:gold border:gold
us-nm|sky>white>rose|red|New Mexico/r/blue/t|Land of Enchantment/blue/b|AAA 999 99999A|pic:balloon:left:red
us-ny|white|navy|NEW YORK/s/navy/t||AAA 999 9AA 999 A9A 999|pic:statue:centre:red border:navy
us-ny|navy>white>white>navy|navy|NEW YORK/s/white/t|EMPIRE STATE/white/b|AAA 9999 AAA 9999 9999AA|pic:map:centre:gold
us-ny|orange>gold>orange|navy|NEW YORK/s/gold/t|EMPIRE STATE/gold/b|AAA 9999 AAA-9999|pic:map:centre:navy band:top:navy band:bottom:navy
us-ny|white|navy|NEW YORK/s/navy/t|EXCELSIOR/gold/b|AAA 9999|pic:statue:left:ltblue pic:wave:bg:ltblue
us-ny|gold|black|NEW YORK/b/black/t||AAA 999 999 AAA|border:black
us-nc|white|blue|NORTH CAROLINA/s/red/t|First in Flight/blue/t2|AAA-9999 AAA 9999|pic:plane:bg:ltblue
us-nc|white|red|North Carolina/s/red/t|First In Flight/blue/b|AAA-9999 AAA 999|pic:plane:top:blue
us-nc|ltblue>white|blue|North Carolina/x/red/t|First in Freedom/navy/b|AAA-9999|pic:quill:bg:ltblue
us-nc|ltblue>white>sand|navy|NORTH CAROLINA/s/navy/b|Friends of the Smokies/navy/t|9999FP 999AA|pic:bear:left:black pic:range:bg:purple
us-nd|sky>white|navy|NORTH DAKOTA/s/navy/t|Discover the Spirit/navy/b|AAA 999|pic:teepee:left:brown pic:bison:right:brown
us-nd|ltblue>gold>orange|navy|NORTH DAKOTA/s/navy/t|Peace Garden State/navy/b|AAA 999 999 AAA|pic:bison:right:brown pic:wheat:left:gold word:Discover the Spirit
us-nd|sky>rose>gold|navy|North Dakota/x/navy/t|Legendary/navy/t2|999 AAA|pic:bison:left:brown pic:sun:bg:orange
us-oh|white|blue|OHIO/s/red/t|The Heart of It All!/blue/b|AAA 999 999 AAA|county
us-oh|ltblue>white|navy|OHIO/r/red/t|Birthplace of Aviation/navy/b|AAA 9999 AA99 AA|county pic:plane:tr:red
us-oh|gold>white|navy|OHIO/s/navy/t|BIRTHPLACE OF AVIATION/navy/b|AA99 AA A99 9AA|
us-oh|white>ltblue|navy|Ohio/x/navy/t|BIRTHPLACE OF AVIATION/red/b|AA99 AA AAA 9999|pic:triangle:left:red
us-oh|ltblue>white>ltgreen|navy|Beautiful OHIO/s/navy/t|Birthplace of Aviation/green/b|AAA 9999|pic:barn:left:red pic:skyline:bg:green pic:sun:bg:yellow
us-oh|white|navy|OHIO/b/red/t|DISCOVERERS - INVENTORS/grey/bg|AAA 9999|pic:triangle:left:red
us-ok|white|green|OKLAHOMA/s/green/t|NATIVE AMERICA/green/b|AAA 999 999 AAA|pic:osage:centre:tan
us-ok|sky>white|dkgreen|OKLAHOMA/r/red/t|Native America/dkgreen/b|999-AAA 999 AAA|pic:archer:left:green
us-ok|white|green|OKLAHOMA/s/green/t|OKLAHOMA IS OK!/gold/b|AA 9999 AAA 999|pic:sun:bg:gold
us-ok|blue>white|navy|Oklahoma/s/navy/t|TravelOK.com/navy/b|AAA 999 AAA999|pic:bird:left:blue
us-or|sky>white>lilac|navy|Oregon/s/navy/t||AAA 999 999 AAA|pic:pine:centre:green pic:range:bg:lilac
us-or|ltblue>lilac>ltgreen|navy|OREGON/s/navy/t||AAA 999 999 AAA|pic:pine:centre:dkgreen pic:range:bg:purple
us-or|gold|blue|OREGON/b/blue/t|PACIFIC WONDERLAND/blue/b|AAA 999 AAA999|
us-or|ltblue>white|navy|Oregon/r/black/t|Crater Lake Centennial/navy/b|AA 99999 CL 99999|pic:range:bg:blue
us-or|sky>white|black|Oregon/x/black/t|Salmon/red/b|SM 99999 AA 99999|pic:fish:left:red
us-pa|navy|gold|PENNSYLVANIA/s/gold/b|KEYSTONE STATE/gold/t|AAA-999 AAA 999|pic:keystone:centre:gold
us-pa|navy>white>gold|navy|PENNSYLVANIA/s/white/t|www.state.pa.us/navy/b|AAA 9999 AA 99999|pic:keystone:centre:ltblue
us-pa|blue>white>yellow|navy|PENNSYLVANIA/s/white/t|visitPA.com/navy/b|AAA 9999 AAA-9999|pic:keystone:centre:white
us-pa|gold|navy|PENNSYLVANIA/s/navy/b|You've Got a Friend in/navy/t|AAA-999 999-AAA|
us-pa|ltgreen>white|dkgreen|PENNSYLVANIA/s/green/b|Conserve Wild Resources/green/t|RC99A 99AA9|pic:bird:left:brown pic:keystone:centre:gold
us-ri|white>ltblue|navy|Rhode Island/s/navy/t|Ocean State/navy/b|AA-999 999-999 99999|pic:wave:bg:blue pic:anchor:tl:blue
us-ri|ltblue>white|blue|RHODE ISLAND/s/blue/t|OCEAN STATE/blue/b|AA-999 AA-99 999-999|pic:wave:bg:sky
us-ri|white|navy|Rhode Island/r/navy/t|Ocean State/navy/b|AA-999 9AA 999|pic:anchor:centre:ltblue
us-ri|white|black|RHODE ISLAND/s/black/t|OCEAN STATE/black/b|AA-999|border:black
us-sc|white>ltgreen|navy|SOUTH CAROLINA/s/green/t||AAA 999 999 AAA|pic:bird:left:brown pic:flower:left:yellow
us-sc|ltblue>white|navy|South Carolina/x/navy/t|Smiling Faces. Beautiful Places./navy/b|999 AAA 9999 AA|pic:palm:centre:blue
us-sc|gold>white>ltblue|navy|South Carolina/r/navy/t|Travel2SC.com/navy/b|AAA 999 999 AAA|pic:palm:centre:ltblue
us-sc|white>ltblue|navy|SOUTH CAROLINA/s/navy/t|WHILE I BREATHE, I HOPE/navy/b|AAA 999 9999 AA|pic:palm:bg:ltblue
us-sd|ltblue>white|red|SOUTH DAKOTA/s/navy/t|GREAT FACES. GREAT PLACES./navy/b|9A9 999 99A 999|pic:rushmore:bg:tan
us-sd|sky>white>ltgreen|navy|South Dakota/r/navy/t|Great Faces. Great Places./navy/b|99A 999 9AA 999|pic:rushmore:left:tan
us-sd|white|blue|SOUTH DAKOTA/s/red/t|Great Faces Great Places/red/b|9A9999 99A 999|pic:rushmore:centre:ltblue
us-tn|white|blue|TENNESSEE/s/red/t|VOLUNTEER STATE/blue/b|AAA 999 999 AAA|county
us-tn|gold>white>ltblue|navy|Tennessee/x/navy/t|Sounds Good To Me/navy/b|999-AAA AAA 999|pic:sun:bg:gold county
us-tn|ltgreen>white>ltgreen|navy|TENNESSEE/s/green/t|THE VOLUNTEER STATE/green/b|999-AAA A99-99A|pic:range:bg:green county
us-tn|white>ltblue|blue|Tennessee/r/blue/t|TNVACATION.COM/blue/b|A99-99A 9A9 9A9|pic:range:bg:ltgreen county
us-tn|navy|white|TENNESSEE/r/white/t|THE VOLUNTEER STATE/white/b|AAA 9999|pic:tristar:centre:white county
us-tx|white|blue|TEXAS/b/blue/t|THE LONE STAR STATE/blue/b|AAA 99A AAA-99A 999 AAA|pic:flag:tl:red
us-tx|white>ltblue|navy|TEXAS/s/navy/t|The Lone Star State/navy/b|A99 AAA 999 AAA AAA 99A|pic:ship:tl:grey pic:horse:bl:brown pic:map:centre:red
us-tx|sky>white|black|TEXAS/r/red/t|The Lone Star State/black/b|AA9 A999 AAA-9999|pic:star:tl:red pic:cloud:bg:white pic:range:bg:blue
us-tx|white|black|TEXAS/r/black/t|The Lone Star State/black/b|AAA-9999 AAA 9999|pic:star:tl:black
us-tx|white|navy|Texas/s/red/t|Truck/blue/b|99A AA9 9AA A99|pic:map:centre:red type:commercial
us-ut|white|blue|UTAH/s/blue/t|GREATEST SNOW ON EARTH/blue/b|AAA 999 999 AAA|pic:skier:left:blue word:SKI
us-ut|sky>white|navy|Ski UTAH!/x/navy/t|Greatest Snow on Earth/navy/b|999 AAA A99 9AA|pic:skier:left:navy
us-ut|red>orange>cream|navy|Utah/x/navy/t|Centennial 1896-1996/navy/b|999 AAA AAA 999|pic:arch:bg:orange
us-ut|blue>orange>sand|black|UTAH/b/white/t|LIFE ELEVATED/black/b|A99 9AA A99 9AA|pic:arch:bg:brown
us-vt|green|white|VERMONT/s/white/t|GREEN MOUNTAIN STATE/white/b|AAA 999|border:white
us-vt|dkgreen|white|VERMONT/b/white/t|GREEN MOUNTAIN STATE/white/b|AAA 999 999 AAA|pic:tree:tl:white
us-vt|white>ltgreen|dkgreen|VERMONT/s/green/b|Conserve/green/t|A9A9 99999|pic:bird:left:brown
us-va|white|navy|VIRGINIA/s/navy/t||AAA-9999 AAA 999 999-AAA|border:navy
us-va|white|blue|Virginia/s/blue/b||AAA-999 AAA-9999|
us-va|white|navy|VIRGINIA/s/navy/t|1607 400th Anniversary 2007/navy/b|AAA-9999 AAA 9999|pic:ship:bg:ltblue
us-va|white|navy|VIRGINIA/s/navy/t|VIRGINIA IS FOR LOVERS/navy/b|AAA-9999|pic:heart:br:red
us-va|ltblue>white|navy|Virginia/r/navy/t|Friend of the Chesapeake/navy/b|9999CB 99999|pic:fish:left:red
us-va|ltgreen>white|black|VIRGINIA/s/black/t|HERITAGE/black/b|999-99A AA-9999|pic:bird:left:red pic:flower:left:white
us-wa|white>ltblue|navy|WASHINGTON/s/red/t|EVERGREEN STATE/red/b|AAA 999 999 AAA 999-AAA|pic:mountain:bg:ltblue
us-wa|white|blue|Washington/s/red/t|Evergreen State/red/b|999-AAA AAA9999|pic:mountain:bg:ltblue
us-wa|green|white|WASHINGTON/s/white/t|CENTENNIAL CELEBRATION/white/b|AAA 999 999-AAA|
us-wa|white|navy|WASHINGTON/b/navy/t|EVERGREEN STATE/navy/b|AAA9999 A99999A|pic:mountain:bg:sky
us-wv|white|navy|WEST VIRGINIA/s/navy/t|Wild, Wonderful/gold/b|9A 9999 9AA 999|pic:map:bg:gold
us-wv|navy>white>gold|navy|West Virginia/s/gold/t|Wild, Wonderful/navy/b|9A 9999 9AA 999 AA 9999|
us-wv|blue>white>white>gold|navy|WEST VIRGINIA/r/white/t|Wild, Wonderful/navy/b|9AA 999 9A9999|band:top:navy
us-wv|gold>white>blue|navy|West Virginia/x/navy/t|Almost Heaven/navy/b|AA 9999 9A 999A|pic:range:bg:blue
us-wi|white|red|WISCONSIN/s/red/t|America's Dairyland/black/b|AAA-999 999-AAA AAA 999|pic:barn:tr:red pic:sun:top:gold pic:ship:tl:blue
us-wi|white>ltblue|black|Wisconsin/x/black/t|America's Dairyland/black/b|999-AAA AAA-9999|pic:barn:tr:red pic:bird:tl:black
us-wi|yellow|black|WISCONSIN/s/black/b|AMERICA'S DAIRYLAND/black/t|A99-999 AAA-999|
us-wi|green>white|black|WISCONSIN/s/red/t|ENDANGERED RESOURCES/black/b|99999 A9A99|pic:bird:left:grey
us-wy|white>sky|navy|WYOMING/s/brown/t||9-9999 99-999A 9-99AA|pic:horse:left:brown pic:range:bg:ltblue
us-wy|sky>tan|black|Wyoming/r/brown/t|Like No Place on Earth/brown/b|9-9999A 99-9999|pic:horse:left:black pic:tower:bg:tan
us-wy|ltblue>white>ltgreen|navy|WYOMING/r/navy/t|FOREVER WEST/navy/b|9-9999 99-99AA 9-99999|pic:horse:left:navy pic:range:bg:blue
us-wy|red>white>blue|navy|WYOMING/s/navy/b||9-999AA 22 999|pic:horse:left:brown pic:range:bg:white
"""
