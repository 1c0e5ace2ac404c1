"""Articles of a made-up fortnight are joined into its events, with text and by bare titles."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import Article
from bot.stories.cluster import WINDOW, decide
from bot.stories.features import StoryFeatures, absorb, features, opening, terms_of
from bot.stories.index import StoryIndex
from bot.stories.vectors import TermStats, word_vectors

# Event, hour, title; below it the lead. Several companies have several events, within hours of each other.
SAMPLE = """
a 0 Calder to buy switch maker Fenwick for $3.1 billion
    Calder Systems agreed to buy Fenwick Networks for $3.1 billion in cash to add Ethernet switches to its accelerators.
a 1 Fenwick Networks sold to Calder in $3.1bn cash deal
    The purchase gives the chip designer its own switches; Fenwick's shares jumped a fifth.
a 3 Why Calder wants Fenwick's switches
    The accelerator company pays $3.1 billion for a switch vendor as its clusters have outgrown others' networks.
b 2 Calder's third-quarter revenue rises 48% on accelerator sales
    Calder Systems reported revenue of $9.4 billion for the quarter and guided to more.
b 3 Calder beats estimates as data center sales climb
    Quarterly revenue at Calder reached $9.4 billion, above the $9.1 billion that analysts expected.
c 5 Calder delays its M6 accelerator by two quarters
    The chip designer told customers that volume shipments of the M6 slip to the third quarter of 2027 after a new mask.
c 6 M6 slips: Calder's next accelerator needs another mask set
    Shipments in volume now start in Q3 2027, two quarters late, people who buy the part said.
c 9 Calder confirms M6 delay, cites mask fix
    Calder Systems said its M6 accelerator would ship in volume in the third quarter of 2027.
d 1 Sallow Point reactor wins approval to restart for data centers
    The nuclear regulator cleared the 910 MW Sallow Point unit to run again; Umbra Cloud buys all of its output.
d 2 Regulator clears restart of 910-megawatt Sallow Point nuclear plant
    Umbra Cloud has contracted the output for 20 years to feed its data centers.
d 30 Restart of Sallow Point: what the licence says
    The approval for the 910 MW reactor comes with eleven conditions, among them a new emergency generator.
e 4 Umbra Cloud opens region in Porto with 60 MW
    The provider's new region in Portugal starts with three zones and 60 megawatts.
e 5 New Umbra region near Porto goes live
    Customers can use three availability zones in Portugal from today.
f 8 Umbra Cloud cuts storage prices by 20%
    Object storage at Umbra becomes a fifth cheaper in all regions from December.
g 0 Quarry Labs raises $2 billion at $28 billion valuation
    The model developer's round was led by Tiller Capital.
g 1 AI startup Quarry Labs valued at $28 bln in new funding round
    Investors led by Tiller Capital put in $2 billion, the company said.
g 4 Tiller Capital leads $2bn round in Quarry Labs
    The investment values the developer of the Basalt models at $28 billion.
h 7 Quarry Labs releases Basalt 3 with open weights
    The 400-billion-parameter model can be downloaded under a permissive licence.
h 8 Basalt 3 is out: 400B parameters, weights for download
    Quarry Labs publishes its largest model, trained on 9,000 accelerators over eleven weeks.
h 11 We measured Basalt 3's serving cost
    On eight accelerators the open model from Quarry Labs makes 1,900 tokens a second, or 31 cents per million.
i 3 Senate bill would cap data center water use
    A proposed law limits fresh water for cooling to 0.4 litres per kilowatt-hour.
i 5 Lawmakers move to limit water for cooling data centers
    The bill introduced in the Senate sets a ceiling of 0.4 litres per kilowatt-hour.
j 6 Export licences for accelerators to the Gulf suspended
    The trade ministry has stopped granting licences for large accelerators bound for three Gulf states.
j 7 Trade ministry halts AI chip licences for Gulf buyers
    No new permits will be granted until a review ends in March, officials said.
j 10 Gulf data centers left waiting as chip licences are frozen
    Projects with 70,000 accelerators on order are affected by the suspension, developers said.
k 2 HBM4 yields at Dorado reach 70%, says supplier
    Dorado Memory told investors that seven of ten stacks now pass test.
k 4 Dorado Memory says HBM4 yield has climbed to 70 percent
    The memory maker expects to reach full output by spring.
l 9 Dorado Memory to build packaging plant in Ohio for $5.6 billion
    The plant will stack and test high-bandwidth memory from 2029 and employ 900 people.
l 10 Ohio wins $5.6bn memory packaging plant
    Dorado picked a site near Dayton for its first American factory.
m 1 Fire at Kessel substation takes three data centers offline
    A transformer fire cut power to 140 MW of computing for six hours.
m 2 Transformer fire in Kessel knocks out data centers
    About 140 megawatts went dark; operators ran on diesel until noon.
m 6 After the Kessel fire: why the generators didn't hold
    Two of the three sites lost power a second time because their fuel pumps were on the failed feeder.
n 12 Open Fabric Alliance publishes version 1.0 of scale-up spec
    The specification allows 1,024 accelerators in one domain over Ethernet.
n 13 Scale-up Ethernet gets its 1.0: Open Fabric Alliance releases spec
    Forty-one companies signed the text, which defines a domain of up to 1,024 accelerators.
o 14 Liquid cooling vendor Brook recalls 12,000 manifolds
    A gasket can fail above 55 °C, the company told operators.
o 16 Brook recalls cooling manifolds over leaking gaskets
    Some 12,000 parts in racks across 30 sites must be changed, the company said.
p 15 Vireo lets go 8% of staff as it turns to inference
    The accelerator startup will stop its training chip and cut 140 jobs.
p 16 AI chip startup Vireo cuts 140 jobs, ends training chip
    About 8% of employees leave as the company concentrates on inference.
q 18 Vireo's new inference card draws 75 watts
    The half-length card needs no external power and serves models of up to 14 billion parameters.
r 20 Nordmark approves 400 kV line to AI campus in Lapp County
    The grid operator will finish the line by 2029, clearing the way for 1.1 GW of load.
r 21 Grid operator gives green light to power line for 1.1 GW campus
    The 400-kilovolt line in Lapp County is due in 2029.
s 22 Spot price of M5 accelerators falls under $2 an hour
    Rental of Calder's older part has lost 30% since summer, according to the Rackrate index.
s 23 Renting a Calder M5 now costs less than $2
    The Rackrate index puts the hourly price at $1.94, down 30% from June.
t 24 Court blocks zoning vote for Millbrook data center
    A judge ruled that the county had not published the plan in time; the 300 MW project must start over.
t 25 Judge voids Millbrook rezoning, stalling 300 MW data center
    The ruling sends the developer back to the planning board.
u 26 Checkpointing to peers: how we cut restart time to 40 seconds
    Our trainer keeps the last step in the memory of a neighbouring host.
v 28 Hadley Foundry starts risk production on its 14A node
    The foundry says first wafers for two customers are running; volume comes in 2028.
v 29 Hadley begins 14A risk production for two customers
    Volume production of the process is planned for 2028.
w 30 Hadley Foundry wins $1.2bn subsidy for backside power line
    The commerce department will pay in four steps tied to milestones.
w 31 Government grants Hadley $1.2 billion for chip plant
    The award supports a line for backside power delivery in Arizona.
x 33 Ansel pledges $40 billion for AI campuses through 2029
    The social network will build in four states, its finance chief said.
x 34 Ansel to spend $40bn on AI data centers by 2029
    Four campuses with a total of 5 GW are planned, the company's CFO told investors.
x 36 Where Ansel's $40 billion will go
    Land records point to sites in Texas, Ohio, Iowa and Georgia for the company's four campuses.
y 38 Ansel signs 500 MW geothermal contract with Emberwell
    Deliveries from the wells in Utah start in 2028.
y 39 Emberwell to supply Ansel with 500 megawatts of geothermal power
    The contract for the plant in Utah runs for 15 years.
z 40 vLLM-style scheduler wins MLPerf latency category
    The open project beat two vendors' own stacks on the 70B test.
A 41 Undersea cable with 24 fibre pairs to link Umbra's regions
    The 6,600 km line between Porto and Recife will carry 480 Tb/s.
A 42 Umbra plans 480 Tb/s transatlantic cable
    The cloud provider's own line joins Portugal and Brazil in 2029.
B 44 Gas turbine maker Holt Power sold out until 2031
    Orders from data center developers fill the plant's slots for five years.
B 45 No turbines before 2031, says Holt Power
    The manufacturer is booked out by orders for data centers.
C 46 Optics startup Prismline raises $350m for co-packaged engines
    The company says its parts use 4 picojoules a bit.
C 47 Prismline gets $350 million to make co-packaged optics
    The funding round was led by chip designer Calder.
D 48 Prismline optics fail early in the field, operator says
    A cloud provider reports that 3% of modules stopped within 90 days.
"""
# Written after the thresholds were chosen, and not used since: what new text may expect.
HELD_OUT = """
a 0 Nimbus Grid to lease 200MW from Corvane in Ohio
    The neocloud signed a 12-year lease for 200 MW at Corvane's New Albany campus.
a 2 Corvane lands 12-year Nimbus Grid lease in New Albany
    Nimbus Grid takes 200 megawatts, its largest site to date.
b 1 Nimbus Grid sells $1.5bn of bonds backed by GPUs
    The notes pay 8.25% and mature in 2031.
b 5 Neocloud Nimbus Grid borrows $1.5 billion against its chips
    Investors get 8.25 percent on paper secured by accelerators.
c 3 Texas grid operator wants big loads to curtail in emergencies
    A draft rule would make sites over 75 MW shed power within 30 minutes.
c 6 Draft Texas rule: data centers above 75MW must power down on request
    The operator's proposal gives half an hour's notice.
d 4 Lumora's L2 inference chip tapes out on 2nm
    Samples follow in the summer, the startup said.
d 7 Inference startup Lumora tapes out 2nm L2 processor
    The company expects first samples by mid-2027.
e 8 Lumora hires former switch executive as chief operating officer
    Dana Whitlock starts in January.
f 9 South Korea approves tax credit for HBM plants
    Parliament passed a 15% credit for memory packaging investment.
f 12 Seoul passes 15% tax break for memory makers' packaging lines
    The law covers investment through 2030.
g 10 Meridian Foundry fab hit by power dip, wafers scrapped
    A voltage sag at Hsinlu stopped tools for 40 minutes.
g 13 Power dip at Meridian's Hsinlu fab ruins wafers
    Tools stopped for about 40 minutes on Tuesday.
g 16 Meridian puts wafer loss from power dip at 30,000
    The foundry said that customers would get replacements by February.
h 11 Aster AI cuts API prices for its Heron model by half
    Input now costs 60 cents per million tokens.
h 14 Heron API is now half price
    Aster AI lowers input to $0.60 and output to $2.40 per million tokens.
i 15 Aster AI sued by publishers over training data
    Four newspapers filed the complaint in New York.
i 18 Newspapers take Aster AI to court over training on their articles
    The four publishers want damages and deletion.
j 17 Report: 1 in 5 GPU clusters idle at night
    A survey of 140 operators found average utilisation of 61%.
k 19 Google-scale liquid cooling standard released by Open Racks
    Version 2 of the coolant interface adds 60 °C supply water.
k 21 Open Racks publishes version 2 of its coolant interface
    Warm-water supply at 60 °C is now part of the standard.
l 20 EU opens probe into cloud egress fees of three providers
    The commission says charges for leaving may breach the data act.
l 22 Brussels investigates what clouds charge customers who leave
    Egress fees of three large providers are under scrutiny.
m 23 Tornado damages half-built AI campus in Oklahoma
    Two steel frames fell; nobody was hurt, the builder said.
m 25 Oklahoma storm topples frames at AI data center site
    The builder reports no injuries and weeks of delay.
n 24 Optical switch maker Lyrant files for IPO
    The company lost $40 million on revenue of $212 million last year.
n 27 Lyrant seeks New York listing for its optical switches
    Filing shows revenue of $212 million and a loss of $40 million.
o 26 Helios Cloud outage: expired certificate took down GPU region
    Customers in Frankfurt could not start instances for five hours.
o 29 Expired certificate behind five-hour Helios Cloud outage in Frankfurt
    The provider apologised and promised credits.
p 28 Helios Cloud doubles H-series quota for researchers
    Universities may now rent 64 accelerators at a time.
q 30 Rocket Lake Power to convert coal plant into 600MW data center
    The Montana site keeps its grid connection and water rights.
q 33 Montana coal plant to become a 600-megawatt data center
    Rocket Lake Power will reuse the connection.
r 31 Kernel bug halves NCCL throughput on new drivers
    Downgrading to the previous release restores it, maintainers said.
s 35 US weighs letting older accelerators be sold to China again
    Officials discuss a 15% levy on sales, people familiar said.
s 37 Washington may allow sales of older AI chips to China, with levy
    A 15 percent charge is under discussion.
t 36 China tells firms to avoid foreign accelerators
    Regulators advised state-backed data centers to cancel orders.
t 39 Beijing discourages purchases of foreign AI chips
    Data centers with state funds were told to cancel orders.
u 40 Bluepeak buys 4,000 diesel generators as grid waits lengthen
    The developer orders 8 GW of backup for its sites.
v 41 DRAM contract prices to rise 25% in first quarter, tracker says
    Server modules lead, driven by AI orders.
v 43 Memory prices set to climb another quarter, says tracker
    Contract DRAM is to cost 25 percent more from January.
"""
START = datetime(2026, 11, 18, tzinfo=UTC)


def articles(sample: str, *, leads: bool) -> list[tuple[str, Article]]:
    """A sample in order of time, each article with its event."""
    found = re.findall(r"^(\w) (\d+) (.+)\n    (.+)$", sample, re.MULTILINE)
    return [
        (
            event,
            Article(
                id=number,
                feed_id=1,
                identity=str(number),
                url=f"https://example.com/{number}",
                title=title,
                publisher=f"Paper {number % 7}",
                text=lead if leads else "",
                published_at=START + timedelta(hours=int(hour)),
            ),
        )
        for number, (event, hour, title, lead) in enumerate(sorted(found, key=lambda row: int(row[1])), start=1)
    ]


def cluster(found: list[Article]) -> dict[int, int]:
    """Feed the articles through features, index and decision, as they arrive; gives each article's story."""
    stats, vectors, index = TermStats(), word_vectors(), StoryIndex()
    stories: dict[int, StoryFeatures] = {}
    joined: dict[int, int] = {}
    for article in found:
        seen = features(article, stats, vectors)
        stats.add(terms_of(article), seen.vector)
        near = [stories[story_id] for story_id in index.query(seen, article.when - WINDOW)]
        story_id = decide(seen, near, article.when).story_id
        if story_id is None:
            story_id = len(stories) + 1
            stories[story_id] = opening(story_id, seen)
        else:
            stories[story_id] = absorb(stories[story_id], seen)
        index.put(stories[story_id])
        joined[article.id] = story_id
    return joined


def bcubed(found: Mapping[int, int], true: Mapping[int, str]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998)."""
    stories: dict[int, set[int]] = defaultdict(set)
    events: dict[str, set[int]] = defaultdict(set)
    for item, story in found.items():
        stories[story].add(item)
        events[true[item]].add(item)
    hits = [(len(stories[found[item]] & events[true[item]]), item) for item in found]
    precision = sum(hit / len(stories[found[item]]) for hit, item in hits) / len(hits)
    recall = sum(hit / len(events[true[item]]) for hit, item in hits) / len(hits)
    return precision, recall, 2 * precision * recall / (precision + recall)


def measured(sample: str, *, leads: bool) -> tuple[float, float, float]:
    """Cluster a sample and compare with its events."""
    found = articles(sample, leads=leads)
    return bcubed(cluster([article for _, article in found]), {article.id: event for event, article in found})


@pytest.mark.parametrize("sample", [SAMPLE, HELD_OUT])
def test_articles_with_a_lead_join_their_event(sample: str) -> None:
    """With one sentence of text, nearly every event is one story and hardly any story holds two events."""
    precision, recall, f1 = measured(sample, leads=True)
    assert precision >= 0.94
    assert recall >= 0.94
    assert f1 >= 0.95


@pytest.mark.parametrize("sample", [SAMPLE, HELD_OUT])
def test_bare_titles_join_with_precision(sample: str) -> None:
    """By titles alone both fall, but a story of two events stays the exception."""
    precision, _, f1 = measured(sample, leads=False)
    assert precision >= 0.80
    assert f1 >= 0.87


def test_the_samples_are_large_enough() -> None:
    """A hundred articles of fifty events."""
    rows = [(name, event) for name in (SAMPLE, HELD_OUT) for event, _ in articles(name, leads=True)]
    assert len(rows) >= 100
    assert len(set(rows)) >= 50
