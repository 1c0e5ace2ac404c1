"""Small closed lists of words that text needs: stop words, abbreviations, sentence openers, legal forms."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(words.split())


# Function words of English; content is what is left. Negations stay: they change what a sentence says, but they
# carry no subject, so they are listed here too and checked apart where it matters.
STOP_WORDS = word_set(
    """
    a about above after again against all also although am among an and another any are aren't as at back be because
    been before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing don't
    down during each either else even ever every few for from further get gets got had hadn't has hasn't have haven't
    having he he'd he'll her here here's hers herself him himself his how how's however i i'm i've if in into is isn't
    it it's its itself just let like many may me might more most much must my myself neither no nor not now of off
    often on once one only onto or other others ought our ours ourselves out over own per quite rather said say saying
    says shall she should shouldn't since so some still such than that that's the their theirs them themselves then
    there there's these they they're they've this those though through thus to too toward towards under until up upon
    us very via was wasn't we we're we've were weren't what what's when where whether which while who whom whose why
    will with within without won't would wouldn't yet you you're your yours yourself
    """
)

# These never end a sentence: something always follows.
ABBREVIATIONS = word_set(
    """
    mr mrs ms dr prof st gen col lt sgt rep sen gov hon rev jr-sr messrs mme vs e.g i.e cf approx ca no nos fig figs
    vol est al pp art sec ch eq ref mt ft jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur
    thurs fri sat sun bzw z.b d.h u.a ggf ca dept univ
    """
)

# These may end a sentence: they do when a common opener follows.
SOFT_ABBREVIATIONS = word_set(
    """
    inc corp ltd co llc plc bros cos jr sr etc u.s u.k u.n e.u a.m p.m d.c s.a n.v b.v a.g ag gmbh s.p.a l.p ph.d m.d
    v.p mia mrd mio bn mn avg min max sq ave blvd
    """
)

# Words that open sentences and are seldom names.
COMMON_OPENERS = word_set(
    """
    a about above according across additionally after again ahead all along already also although amid among an and
    another any anyone are around as asked at back based because before behind being below besides best between beyond
    both but by can combined compared considering construction could current currently customers data demand despite
    during each earlier early either even eventually ever every everyone executives existing few finally first following
    for former four from further furthermore generally getting given has have he her here his how however i if in
    including indeed industry initially inside instead investors is it its just last late later latest less like
    looking major many may meanwhile more moreover most much my nearly neither new next no none nor not nothing now of
    officials often on once one only operators or orders other others our out over overall part people perhaps please
    power previously prices production rather read recent recently regulators researchers revenue sales second several
    she shares shipments should similarly since six so some sources still subject such supply take ten than that the
    their then there therefore these they third this those though three through thus to today together tomorrow two
    ultimately under unlike until up us using was we well were what when where whether which while who why will with
    within without work would yes yesterday yet you your how here's it's there's that's what's
    announces announced analysis exclusive report opinion review update breaking watch video
    """
)

# What follows a company's name and is not part of what people call it.
LEGAL_FORMS = word_set(
    """
    inc inc. corp corp. corporation ltd ltd. llc plc co co. gmbh ag sa s.a nv n.v se ab asa oyj spa limited holdings
    """
)

# Ordinary words that are written with a capital: no names of anyone.
CAPITALISED = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sep sept oct nov dec mr mrs ms dr prof inc corp ltd
    q1 q2 q3 q4 h1 h2 i am pm a.m p.m mw gw kw mwh gwh kwh gb tb mb gb/s tb/s gbit/s mbit/s gbps tbps ghz usd eur
    """
)

# "Bank of America" is one name, "Smith of Acme" is two.
INSTITUTIONS = word_set(
    """
    bank department ministry university bureau institute office board house republic state city court commission council
    federation secretary school college academy agency association chamber port county district bay isle kingdom
    """
)

# What a Title Case headline leaves in lower case.
TITLE_LOWER = word_set(
    """
    a an and as at but by for from if in into nor of off on onto or out over per so than that the to up via vs with yet
    """
)


# Share of this field's articles that hold a word (stemmed), by coarse bands: estimated, and outgrown in days.
_BANDS = {
    0.5: """
    ai company new year data percent billion million announc report plan us
    """,
    0.3: """
    center chip model compute power build custom market system technology deal cloud infrastructur capacity gpu
    accelerator training invest nvidia demand cost time first people use work tech firm world intelligenc artificial
    """,
    0.15: """
    network memory server rack inferenc spend share price revenu quarter growth energy grid electricity site supply
    industry microsoft google amazon openai meta amd intel tsmc launch releas expect increas executiv chief busines
    agreement partner project government state country larg high month week day analyst
    """,
    0.05: """
    story update source statement spokesperson comment today monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december 2025 2026 2027 2028 post blog
    read team product service user support performanc
    """,
}
PRIMER = {word: share for share, band in _BANDS.items() for word in band.split()}
