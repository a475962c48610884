"""The paper's cohort as phantom specifications: 30 patients, 169 lesions, every marginal of its Table 1 per primary.

What the paper does not print is chosen so that it can be: a whole vertebra (the paper's rule) or an infiltration without a
mass (our choice) is never well defined, so the 50 lesions that it did not measure are among the 58 ill-defined ones; HCC's and
colorectal cancer's masses are their extraosseous lesions. Table 2 is the paper's by row (its printed column totals are
not the sums of the rows). Levels by primary follow the text: lumbar most frequent but for stomach.
Python standard library only.
"""

import random

ORDER = ["stomach", "colorectal", "hcc", "lung", "breast"]
THORACIC = [f"T{i}" for i in range(2, 12)]
LUMBAR = [f"L{i}" for i in range(1, 6)]
CERVICAL = [f"C{i}" for i in range(3, 8)]
HIGH, LOW, SMALL_LOW = 1.75, 0.75, 0.62


def kinds(count, form="focal", part="vertebral_body", pattern="homogeneous", margin="well_defined", t2=HIGH,
          matrix="osteolytic", t1=0.8, diameters=None):
    """`count` lesions alike; unmeasured forms are ill defined."""
    if form in ("whole_vertebra", "posterior_infiltration"):
        margin = "ill_defined"
    if form == "posterior_infiltration":
        part = "posterior_elements"
    result = []
    for index in range(count):
        lesion = {"form": form, "part": part, "pattern": pattern, "margin": margin, "t2Ratio": t2, "t1Ratio": t1,
                  "matrix": matrix}
        if diameters:
            lesion["diameter"] = diameters[index % len(diameters)]
        result.append(lesion)
    return result


def spread(count, low, high):
    """`count` diameters evenly between two, in an order that is not that of size."""
    values = [low + (high - low) * i / max(1, count - 1) for i in range(count)]
    random.Random(count * 1000 + int(low * 10)).shuffle(values)
    return [round(v, 1) for v in values]


whole = dict(form="whole_vertebra")
infiltration = dict(form="posterior_infiltration")
mass = dict(form="expansile")
behind = dict(form="expansile", part="posterior_elements")


def stomach():
    rims = spread(27, 7.2, 13.8)
    lesions = (
        kinds(8, pattern="rim_enhancing", t2=LOW, matrix="osteoblastic", t1=0.65, diameters=rims[:8])
        + kinds(15, pattern="rim_enhancing", t2=LOW, matrix="mixed", t1=0.65, diameters=rims[8:23])
        + kinds(1, pattern="rim_enhancing", t2=LOW, matrix="mixed", t1=0.65, margin="ill_defined", diameters=[14.5])
        + kinds(3, pattern="rim_enhancing", t2=1.45, matrix="mixed", t1=0.65, diameters=rims[24:])
        + kinds(1, pattern="rim_enhancing", t2=LOW, matrix="mixed", t1=0.65, diameters=[26], **behind)
        + kinds(3, pattern="homogeneous", t2=HIGH, **infiltration)
        + kinds(3, pattern="homogeneous", t2=HIGH, **whole)
        + kinds(2, pattern="homogeneous", t2=1.5, matrix="osteoblastic", **whole)
        + kinds(1, pattern="homogeneous", t2=LOW, matrix="osteoblastic", **whole)
        + kinds(2, pattern="heterogeneous", t2=LOW, matrix="osteoblastic", **whole)
        + kinds(8, pattern="non_enhancing", t2=0.6, t1=0.5, matrix="osteoblastic", **whole))
    return [(lesions, True, True, [dict(C=2, T=8, L=5, S=1), dict(C=2, T=8, L=5, S=1), dict(C=2, T=7, L=6)])]


def colorectal():
    het = dict(pattern="heterogeneous")
    without_ct = (
        kinds(3, diameters=[22, 18, 24], **het, **mass) + kinds(2, diameters=[20, 17], **het, **behind)
        + kinds(3, **het, **whole) + kinds(1, **het, **infiltration))
    with_ct = (
        kinds(3, diameters=[20, 23, 19], **het, **mass) + kinds(1, diameters=[21], **het, **behind)
        + kinds(1, diameters=[22], margin="ill_defined", matrix="mixed", **het, **mass)
        + kinds(1, diameters=[18], pattern="homogeneous", matrix="mixed", **behind)
        + kinds(2, **het, **whole) + kinds(1, t2=LOW, matrix="mixed", **het, **whole)
        + kinds(2, t2=LOW, matrix="mixed", pattern="non_enhancing", **whole))
    return [(without_ct, False, True, [dict(L=3), dict(L=2, S=1), dict(T=3)]),
            (with_ct, True, True, [dict(L=3), dict(T=3), dict(L=3), dict(C=2)])]


def hcc():
    worms = dict(pattern="worms_in_a_bag", aspect=[0.8, 0.85], lobulation=0.08)
    with_ct = (
        [dict(lesion, **worms) for lesion in kinds(6, diameters=[40, 45, 36, 48, 42, 46], **behind)]
        + kinds(1, pattern="homogeneous", margin="ill_defined", diameters=[26], **behind)
        + kinds(1, pattern="homogeneous", margin="ill_defined", diameters=[27], **mass)
        + kinds(1, pattern="heterogeneous", margin="ill_defined", matrix="mixed", diameters=[28], **mass)
        + kinds(1, pattern="homogeneous", margin="ill_defined", matrix="osteoblastic", diameters=[25], **behind)
        + kinds(1, pattern="homogeneous", t2=LOW, matrix="osteoblastic", **whole)
        + kinds(2, pattern="heterogeneous", t2=LOW, matrix="osteoblastic", **infiltration))
    without_ct = (
        kinds(1, pattern="homogeneous", margin="ill_defined", diameters=[26], **behind)
        + kinds(1, pattern="heterogeneous", margin="ill_defined", diameters=[26], **mass)
        + kinds(2, pattern="homogeneous", **whole))
    return [(with_ct, True, True, [dict(L=3), dict(L=3), dict(T=3), dict(L=2), dict(L=1, S=1)]),
            (without_ct, False, True, [dict(T=2), dict(C=2)])]


def lung():
    het = dict(pattern="heterogeneous")
    # Thick slices mix bright marrow into small lesions: these start darker than the class needs.
    dark = dict(t1=0.5)
    small = spread(31, 5.5, 11)
    without_gd = (
        kinds(8, t1=1.5, t2=HIGH, diameters=small[:8])
        + kinds(4, t1=1.5, t2=SMALL_LOW, matrix="osteoblastic", diameters=small[8:12]))
    without_ct = (
        kinds(3, t2=HIGH, **het, **whole) + kinds(2, t2=SMALL_LOW, matrix="osteoblastic", diameters=small[12:14], **dark)
        + kinds(3, t2=LOW, matrix="osteoblastic", diameters=[16, 15, 17], **het, **behind))
    with_ct = (
        kinds(4, t1=1.25, t2=HIGH, diameters=small[14:18]) + kinds(4, t2=HIGH, diameters=small[18:22], **dark)
        + kinds(6, t2=HIGH, diameters=small[22:28], **dark)
        + kinds(2, t2=SMALL_LOW, matrix="osteolytic", diameters=small[28:30], **dark)
        + kinds(1, t2=SMALL_LOW, matrix="osteolytic", diameters=small[30:], **dark, **het)
        + kinds(2, t2=HIGH, **het, **infiltration)
        + kinds(3, t2=HIGH, diameters=[15, 16, 17], **het, **behind)
        + kinds(2, t2=LOW, diameters=[15, 16], **het, **behind)
        + kinds(4, t2=HIGH, matrix="mixed", diameters=[22, 20, 21, 23], **het, **mass)
        + kinds(1, t2=LOW, matrix="mixed", diameters=[20], **het, **mass)
        + kinds(3, t2=LOW, matrix="mixed", **het, **whole)
        + kinds(1, t2=HIGH, matrix="osteoblastic", **het, **whole)
        + kinds(3, t2=LOW, matrix="osteoblastic", **het, **whole))
    return [(without_gd, False, False, [dict(L=5, T=6, S=1)]), (without_ct, False, True, [dict(L=5, T=3)]),
            (with_ct, True, True, [dict(L=4, T=4), dict(L=4, C=3), dict(L=4, C=2, S=1), dict(L=5, T=2), dict(L=4, T=3)])]


def breast():
    small = spread(21, 6.5, 14)
    neither = kinds(5, t2=HIGH, t1=0.5, diameters=small[:5]) + kinds(1, t2=SMALL_LOW, t1=0.5, diameters=small[5:6])
    without_ct = (
        kinds(3, t2=HIGH, t1=0.4, diameters=small[6:9]) + kinds(1, t2=HIGH, pattern="heterogeneous", **whole)
        + kinds(1, t2=LOW, pattern="heterogeneous", diameters=[18], **behind))
    with_both = (
        kinds(3, t2=HIGH, t1=0.5, matrix="mixed", diameters=small[9:12])
        + kinds(1, t2=LOW, matrix="osteoblastic", pattern="heterogeneous", **whole)
        + kinds(1, t2=HIGH, pattern="heterogeneous", diameters=[18], **behind))
    without_gd = (
        kinds(1, t2=HIGH, t1=0.5, diameters=small[12:13]) + kinds(1, t2=SMALL_LOW, t1=0.5, diameters=small[13:14])
        + kinds(1, t2=HIGH, t1=0.5, matrix="osteoblastic", diameters=small[14:15])
        + kinds(2, t2=SMALL_LOW, t1=0.5, matrix="osteoblastic", diameters=small[15:17])
        + kinds(2, t2=HIGH, t1=0.5, matrix="mixed", diameters=small[17:19])
        + kinds(2, t2=SMALL_LOW, t1=0.5, matrix="mixed", diameters=small[19:21])
        + kinds(1, t2=SMALL_LOW, t1=0.5, matrix="mixed", part="posterior_elements", diameters=[9])
        + kinds(2, t2=LOW, matrix="mixed", **whole) + kinds(1, t2=LOW, matrix="osteoblastic", **whole))
    return [(neither, False, False, [dict(L=4, T=2)]), (without_ct, False, True, [dict(L=4, S=1)]),
            (with_both, True, True, [dict(L=3, T=2)]),
            (without_gd, True, False, [dict(L=2, T=3), dict(L=3, S=1), dict(T=2, C=2)])]


def extent_along_spine(lesion):
    return lesion.get("diameter", 0) if lesion["form"] in ("expansile", "infiltrative") else 0


def places(regions, lesions):
    """Levels of one patient's lesions: spaced as far as the counts allow, masses apart, wholes to the neck."""
    slots = []
    for region, names in (("C", CERVICAL), ("T", THORACIC), ("L", LUMBAR), ("S", ["S1"])):
        count = regions.get(region, 0)
        single = min(count, len(names))
        step = len(names) / single if single else 0
        chosen = [names[int(step * i + step / 2)] for i in range(single)]
        slots += [(region, level) for level in chosen]
        # More lesions than levels: the surplus shares a level, one in the body and one behind it.
        slots += [(region, names[2]) for _ in range(count - len(chosen))]
    assert len(slots) == len(lesions), (regions, len(lesions))
    remaining = list(range(len(lesions)))
    result = {}

    def take(slot, preference):
        best = max(remaining, key=preference)
        remaining.remove(best)
        result.setdefault(slot, []).append(best)

    def is_form(*forms):
        return lambda i: (lesions[i]["form"] in forms, -lesions[i].get("diameter", 0), -i)

    shared = [s for n, s in enumerate(slots) if s in slots[:n]]
    for slot in shared:
        take(slot, is_form("posterior_infiltration"))
    singles = [s for n, s in enumerate(slots) if s not in slots[:n]]
    for slot in [s for s in singles if s[0] == "C"]:
        take(slot, is_form("whole_vertebra"))
    for slot in [s for s in singles if s[0] == "S"]:
        take(slot, is_form("focal"))
    rest = [s for s in singles if s[0] in "TL"]
    for slot in [s for s in rest if s in shared]:
        take(slot, is_form("focal"))
        rest.remove(slot)
    # Masses on every other level first, the lumbar ones for the largest.
    rest.sort(key=lambda s: (s[0] != "L", s[1]))
    by_size = sorted(remaining, key=lambda i: (-extent_along_spine(lesions[i]), i))
    order = rest[::2] + rest[1::2]
    for slot, index in zip(order, by_size):
        result.setdefault(slot, []).append(index)
    pairs = []
    for (region, level), indices in result.items():
        pairs += [(region, level, i) for i in indices]
    return pairs


BLOCKS = {"C": "cervical", "T": "thoracic", "L": "lumbar", "S": "lumbar"}


def deal(lesions, counts):
    """Lesions to patients, round robin, so that every patient of a group has some of everything."""
    hands = [[] for _ in counts]
    patient = 0
    for lesion in lesions:
        while len(hands[patient % len(counts)]) >= counts[patient % len(counts)]:
            patient += 1
        hands[patient % len(counts)].append(lesion)
        patient += 1
    return hands


def cohort():
    """A list of (name, primary, patient identifier, specification)."""
    studies = []
    generators = dict(stomach=stomach, colorectal=colorectal, hcc=hcc, lung=lung, breast=breast)
    for primary in ORDER:
        patient = 0
        for lesions, ct, gadolinium, regions in generators[primary]():
            for region, hand in zip(regions, deal(lesions, [sum(r.values()) for r in regions])):
                patient += 1
                studies += patient_studies(primary, patient, region, hand, ct, gadolinium)
    return studies


def patient_studies(primary, patient, regions, lesions, ct, gadolinium):
    identifier = f"PAPER-{primary}-{patient}"
    blocks = {}
    for region, level, index in places(regions, lesions):
        lesion = dict(lesions[index], level=level)
        blocks.setdefault(BLOCKS[region], []).append(lesion)
    series = ["sag_t1", "sag_t2", "ax_t1", "ax_t2"]
    if gadolinium:
        series += ["sag_t1_post", "ax_t1_post"]
    if ct:
        series += ["ct"]
    studies = []
    for number, (block, found) in enumerate(sorted(blocks.items())):
        seed = 7000 + 100 * ORDER.index(primary) + 10 * patient + number
        name = f"{primary}-{patient}-{block}"
        chooser = random.Random(seed)
        studies.append((name, primary, identifier, {
            "name": name, "seed": seed, "patientID": identifier, "block": block,
            "fieldStrength": chooser.choice([1.5, 3]), "vendor": chooser.choice(["philips", "siemens"]),
            "lesions": found, "series": [{"kind": kind} for kind in series],
        }))
    return studies


if __name__ == "__main__":
    from collections import Counter
    for name, primary, identifier, specification in cohort():
        print(name, [(l["level"], l["form"], l["pattern"], l.get("diameter")) for l in specification["lesions"]])
    print(len(cohort()), "studies", sum(len(s[3]["lesions"]) for s in cohort()), "lesions",
          len({s[2] for s in cohort()}), "patients")
