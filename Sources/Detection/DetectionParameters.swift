/// How lesions are looked for. Lengths in mm; see Guides/candidates.md for where each constant comes from.
public struct DetectionParameters: Codable, Sendable, Equatable {
  /// Marrow is read so deep inside a body's outline: cortex and partial volume stay out.
  public var marrowDepth = 2.5
  /// ... and so far from the picture's edge, as a share of the field of view: there the signal fades.
  public var fieldEdgeShare = 0.05
  /// Fewest bodies, and fewest voxels of a body, to compare.
  public var minimumBodies = 3
  public var minimumBodyVoxels = 40
  /// Least spread of the marrow's log signal: what coil and texture leave in any body.
  public var minimumSpread = 0.05
  /// The slope within bodies is a coil's that a curved spine lies in where it leaves at most this share of the spread between
  /// the bodies: a few bodies come somewhat nearer by chance.
  public var curvedSpread = 0.5
  /// Departure of a lesion's core, in spreads of the patient's own marrow, all series together.
  public var coreDeparture = 4.0
  /// Up to so much of the log signal may be lost on all series alike to cortex, partial volume and the coil; a tumour changes
  /// the series differently, and dense sclerosis loses more.
  public var commonLoss = 0.3
  /// What T2 alone or the post-contrast series alone shows has many causes (fluid, failed fat suppression): each counts up
  /// to so many times what the other series show, and one spread.
  public var leverage = 1.5
  /// Arches are thin and held against muscle: what lies this much above it on T1 is fat, and a lesion lies above it by more than
  /// these on T2 or after contrast (logarithms), by so many of the spreads, the least of which is given.
  public var archDepth = 1.0
  public var archFat = 0.45
  public var archT2Gain = 0.2
  public var archPostGain = 0.15
  /// After contrast a lesion is held against muscle, or where it was darker on T1 against that, down to this (logarithm):
  /// below lie cortex and noise.
  public var archT1Loss = 0.6
  public var archDeparture = 2.5
  public var archVolume = 150.0
  public var archSpread = 0.1
  /// Cores and candidates smaller than this are noise, mm^3.
  public var coreVolume = 40.0
  public var candidateVolume = 60.0
  /// Grown to these shares of the core's own departure; the mask that changes least between neighbours is taken.
  public var growthShares = [0.35, 0.425, 0.5, 0.575, 0.65]
  /// A body's voxels nearer to its wall than this follow what lies beneath them.
  public var growthDepth = 1.25
  /// What hangs on a lesion within its body by less than this share of its depth in the slice is cut off: veins, bands.
  public var branchShare = 0.5
  /// Beyond the bone a voxel is the lesion's where every series lies this near to the core: a share of the core's departure,
  /// or so many spreads.
  public var beyondShare = 0.35
  public var beyondSpreads = 2.0
  /// Furthest from the bone, and most volume outside over volume inside, that is believed.
  public var beyondReach = 25.0
  public var beyondVolume = 8.0
  /// What grows beyond this has no border, mm^3: the largest masses of a spine hold half of it.
  public var seedVolume = 150_000.0

  /// Growth goes no further from the core than this.
  public var reach = 60.0

  /// The score is a logistic curve of: a constant; the natural logarithms of volume over 300 mm^3, of the core's departure over 8
  /// spreads and of the core's share of the volume; what T1 lost and enhancement gained (logarithms, at most 0.5 and 0.6); less
  /// what each mimic takes away, and what a place in the arches does.
  public var scoreConstant = 0.0
  public var scoreVolume = 0.55
  public var scoreDeparture = 0.4
  public var scoreCoreShare = 1.45
  public var scoreT1Loss = 2.0
  public var scoreEnhancement = 3.1
  public var scoreEndPlate = 1.2
  public var scoreVein = 2.9
  public var scoreRedMarrow = 2.2
  public var scoreFat = 2.0
  public var scoreArch = 2.0
  /// Highest score of a candidate that T2 alone shows.
  public var t2Cap = 0.45
  /// Candidates below this score are not told.
  public var minimumScore = 0.2

  public init() {}
}
