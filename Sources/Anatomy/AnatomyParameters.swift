/// Every constant of the room, with where it comes from.
public struct AnatomyParameters: Sendable, Codable, Equatable {
  /// How the canal is found.
  public struct Canal: Sendable, Codable, Equatable {
    /// Pixel of the search in millimetres: a fifth of the canal's depth.
    public var searchPixel = 2.0
    /// Air ends at this fraction of the 90th percentile of the signal (between Rician noise and muscle on T2; vb2_05-07).
    public var airFraction = 0.1
    /// Radius in millimetres of the local mean that takes the coil's fall-off away; several canal depths.
    public var flatteningRadius = 30.0
    /// Depth of the tube in millimetres, front to back. The canal measures 12 to 22 mm (Verbiest; Lee 1995); the fluid
    /// column in it is narrower.
    public var tubeDepth = 10.0
    /// Length in millimetres over which the tube is averaged: about one segment.
    public var tubeLength = 28.0
    /// Slopes (columns a row) along which the tube is averaged: upright to 55 degrees backwards (sacrum), 30 forwards.
    public var tubeSlopes = [-0.58, -0.27, 0.0, 0.27, 0.58, 1.0, 1.43]
    /// Depth over which an end plate's edge must be coherent; end plates measure 15 (cervical) to 35 mm (lumbar).
    public var plateDepth = 20.0
    /// Half the distance in millimetres over which the edge is taken; a disc is 4 to 12 mm high.
    public var plateStep = 4.0
    /// Tangents of the end plates' tilts that are tried: 0, 20 and 40 degrees both ways.
    public var plateTilts = [-0.84, -0.36, 0.0, 0.36, 0.84]
    /// Length in millimetres over which the end plates' edges are averaged: one and a half segments.
    public var plateLength = 50.0
    /// Distances in millimetres in front of the canal's centre at which end plates must be seen: within the bodies
    /// from the neck (7 to 23 mm) to the lumbar spine (8 to 43 mm).
    public var bodyOffsets = [14.0, 24.0]
    /// A tube that is also seen this far to a side, in millimetres, is a layer; the canal is 18 to 30 mm wide.
    public var layerReach = 18.0
    public var layerWeight = 0.7
    /// Weight of the change of signal along the tube (over 12 mm) against the tube's contrast.
    public var roughnessWeight = 0.5
    /// Millimetres to both sides at which end plates must still be seen; bodies are 30 to 50 mm wide.
    public var lateralReach = 12.0
    /// Weight of the end plates against the tube.
    public var plateWeight = 1.0
    /// The canal lies between these depths below the skin of the back, in millimetres.
    public var shallowest = 20.0
    public var deepest = 160.0
    /// Columns by which the path may move from row to row; 2 is 63 degrees.
    public var columnReach = 2
    public var columnChangePenalty = 0.15
    public var sliceChangePenalty = 3.0
    /// Score of a place that cannot be canal.
    public var blankScore = -0.5
    /// Mean score below which the path is no canal (vb2_05-07 run at 1.2 to 2).
    public var minimumScore = 0.45
    /// Walls lie between these distances from the canal's centre, in millimetres.
    public var nearestWall = 3.0
    public var farthestWall = 14.0
    /// Cost of a millimetre's step of a wall between stations.
    public var wallStiffness = 0.25
    /// A path shorter than this is no spine, in millimetres: two vertebrae.
    public var minimumLength = 60.0

    public init() {}
  }

  /// How reference muscle is found.
  public struct Muscle: Sendable, Codable, Equatable {
    /// Pixel of the search in millimetres.
    public var searchPixel = 1.0
    /// Radii of a patch in millimetres, tried from large to small: a fatty muscle leaves only strips.
    public var patchRadii = [4.5, 3.0, 2.0]
    /// Distance to the side of the canal's centre, in millimetres: the erector spinae and multifidus fill 8 to 45 mm
    /// beside the spinous processes from C3 to L5 (Crawford 2017; Boonyarom 1998 for the thoracic part).
    public var lateral = [9.0, 42.0]
    /// Distance behind the canal's centre in millimetres, from behind the laminae to the fascia.
    public var behind = [16.0, 75.0]
    /// Psoas: to the side and in front of the canal's centre, in millimetres.
    public var psoasLateral = [27.0, 60.0]
    public var psoasBehind = [-45.0, -4.0]
    /// Psoas counts only where its signal is within this fraction of the back muscles, their slope in depth continued.
    public var psoasTolerance = 0.2
    /// Skin and fascia in millimetres: nothing closer to the surface is taken.
    public var skin = 6.0
    /// Largest coefficient of variation within a patch (noise included); fat strands and vessels exceed it.
    public var maximumVariation = 0.18
    /// Patches stay within this fraction of the muscle mode, the coil's fall-off included.
    public var modeTolerance = 0.3
    /// Values within this fraction of each other count for the same mode.
    public var modeWidth = 0.1
    /// Patches for each lesion, and at most in all.
    public var patchesPerLesion = 6
    public var maximumPatches = 24
    /// Fewer patches than this make the search go on with a smaller radius.
    public var minimumPatches = 4
    /// Reach in millimetres along the spine within which a patch counts as at the lesion's level: one segment.
    public var levelReach = 35.0
    /// Costs: one per this many millimetres away along the spine and in depth, relative to a variation of 0.1.
    public var levelScale = 60.0
    public var depthScale = 150.0
    /// Below the skin of the back, where no canal is known: the depth of the canal's centre (lumbar 60 to 80 mm).
    public var assumedCanalDepth = 65.0

    public init() {}
  }

  /// How vertebral bodies are found along the canal.
  public struct Vertebrae: Sendable, Codable, Equatable {
    /// Pixel of the working stack in millimetres.
    public var pixel = 1.0
    /// The canal's direction is taken over this many millimetres to both sides: about one segment.
    public var tangentReach = 18.0
    /// The midline picture averages slices within this many millimetres of the canal's slice.
    public var midlineReach = 5.0
    /// Depth in millimetres, about the bodies' middle, over which end plates are averaged: within cervical bodies.
    public var plateDepth = 16.0
    /// Tangents of end plate tilts against the canal's normal: up to 35 degrees.
    public var plateTilts = [-0.7, -0.46, -0.27, -0.13, 0.0, 0.13, 0.27, 0.46, 0.7]
    /// Edges are measured against the 90th percentile of the edges within this many millimetres: two to three segments.
    public var edgeScaleReach = 60.0
    /// Smallest and largest body height in millimetres: a collapsed cervical and a tall lumbar body (Gilad 1986;
    /// lumbar 25 to 32, thoracic 16 to 26, cervical 11 to 16).
    public var bodyHeights = [9.0, 42.0]
    /// Smallest and largest distance between end plates across a disc, in millimetres.
    public var discHeights = [2.0, 16.0]
    /// Smallest and largest depth of a body, front to back, in millimetres (sacral and cervical 12, lumbar 40).
    public var bodyDepths = [10.0, 48.0]
    /// Height over depth of a body, free of cost: 0.65 to 0.95 in anatomy (Gilad 1986), widened for the canal's curves.
    public var aspects = [0.5, 1.1]
    /// Cost of one unit of height over depth outside these: a collapsed body (0.25) costs as much as a weak end plate.
    public var aspectWeight = 4.0
    /// Cost of each body, so that edges inside a body do not split it.
    public var bodyCost = 0.9
    /// Edges weaker than this inside a body are free (basivertebral vein, trabecular pattern).
    public var innerFloor = 0.3
    public var innerWeight = 0.25
    /// Weight of the signal's variance within a body against that around it: marrow is even, a disc between is not.
    public var spreadWeight = 1.5
    /// Discs higher than this share of the body below cost.
    public var discRatio = 0.5
    public var discWeight = 3.0
    /// Cost of a change of height by 100 per cent from a body to the next.
    public var heightChangeWeight = 2.5
    /// Largest tangent of a tilt that the boxes of the bodies follow: 25 degrees.
    public var steepestTilt = 0.46
    /// Bodies at the chain's ends with less evidence (mean of both end plates, 0 to 1) are no vertebrae.
    public var leastEvidence = 0.45
    /// Cost of each body height left over at an end of the canal.
    public var leftOverCost = 1.5

    public init() {}
  }

  /// How a body's outline is drawn in a slice.
  public struct Outline: Sendable, Codable, Equatable {
    /// Step of the radius in millimetres.
    public var radiusStep = 0.5
    /// How far, in millimetres, the outline may move from the box between the end plates, inwards and outwards.
    public var boxReach = ClosedRangeDouble(-10, 7)
    /// Millimetres from the box at which a full edge is outweighed (standard deviation of the prior).
    public var boxSoftness = 6.0
    /// The same from slice to slice; bodies change by 2 to 4 mm over a slice.
    public var sliceReach = ClosedRangeDouble(-6, 4)
    public var sliceSoftness = 3.5
    /// Steps of the radius allowed from angle to angle (5 degrees), and the cost of one.
    public var stepsPerAngle = 3
    public var stiffness = 0.02
    /// Signal may differ from the body's by this share free of cost (coil fall-off over a body, trabeculae).
    public var tolerance = 0.22
    /// Cost of a millimetre on the way to the outline that differs by the body's whole signal.
    public var crossingWeight = 0.8
    /// Added to the place of the steepest fall, in millimetres: the outline runs in the cortex (chosen on vb2_05-07).
    public var outset = 1.0
    /// A body ends to the side where its area falls below this share of the middle slice's, ...
    public var smallestArea = 0.5
    /// ... its edge below this share of the middle slice's, ...
    public var weakestEdge = 0.6
    /// ... or its signal leaves that of the middle slice by more than this share in every series.
    public var signalChange = 0.3
    /// Largest half width in units of the depth; bodies are 1.2 to 1.5 times as wide as deep.
    public var halfWidth = 0.74
    /// A drawn lesion up to this many times as long as a body lies in one vertebra, not across a disc: discs have a
    /// fifth to a third of a body's height.
    public var longestReplaced = 1.25
    /// An outline that fills less of the box between its end plates than this share of what the bodies' median does was drawn about
    /// something else, and is drawn again from the neighbours.
    public var hiddenShare = 0.75
    /// A hidden body above the first one that is seen is believed where both of its end plates have this score.
    public var hiddenEvidence = 0.6

    public init() {}
  }

  /// The envelope of the posterior elements, millimetres for a body 34 mm deep (L3), scaled with the depth.
  public struct Arch: Sendable, Codable, Equatable {
    public var referenceDepth = 34.0
    /// Half the distance between the pedicles: 10 to 14 mm (Zindrick 1987).
    public var canalHalfWidth = 11.0
    /// Pedicle and articular pillar beside the canal: 8 to 18 mm wide.
    public var pillarWidth = 12.0
    /// Laminae and articular processes behind the canal.
    public var laminaDepth = 14.0
    /// Spinous process: length behind the canal and half width.
    public var spinousReach = 32.0
    public var spinousHalfWidth = 5.0
    /// The foramen in front of the articular processes, from the canal's back wall.
    public var foramenDepth = 4.0

    public init() {}
  }

  /// How levels are counted.
  public struct Levels: Sendable, Codable, Equatable {
    /// Backward tilt (millimetres back for each down) from which a body can be sacral, and at which it is plainly tilted.
    /// (The sacrum's figures were chosen on vb2_05 to 07 and the random phantoms 101 to 234; sacral slope 20 to 60
    /// degrees.)
    public var sacralTilt = [0.2, 0.6]
    /// The same of the last body in the picture.
    public var steepSacrum = 0.9
    /// Rise of the tilt from the second body above to S1: the least, and the usual one.
    public var leastSacralTurn = 0.15
    public var sacralTurn = 0.35
    /// Above the sacrum lie bodies at least this deep and high, in millimetres (lumbar 28 to 38 and 23 to 30 in adults)...
    public var lumbarDepth = 24.0
    public var lumbarHeight = 16.0
    /// ... and S1 is at least this share of their height.
    public var sacralHeightShare = 0.7
    /// Below S1 the disc is a remnant: at most this share of those above it.
    public var remnantDisc = 0.7
    /// S2 is at most these shares as deep as S1 and as the bodies above, and this share as high as S1.
    public var taperedDepth = [0.88, 0.75]
    public var taperedHeight = 0.92
    /// A sacrum is believed from this score on (tilt 0.25 to 0.5, turn up to 0.3, disc below 0.4, taper 0.15 each way,
    /// lower body 0.15, a remnant above -0.4) and with this lead over the next body.
    public var leastSacralScore = 0.8
    public var sacralLead = 0.15
    /// Cervical bodies are at most this high and deep, in millimetres (12 to 17, 15 to 19 in adults).
    public var cervicalHeight = 19.0
    public var cervicalDepth = 23.0
    /// C2 with the dens measures 35 to 40 mm, at least this many times a body below it.
    public var densRatio = 1.6
    /// A disc below S1 of this share of the one above it speaks for a transitional vertebra.
    public var transitionalDisc = 0.8
    /// Confidence of a count from the sacrum; 12 to 15 per cent of people have a transitional vertebra (Konin 2010).
    public var sacrumConfidence = 0.88
    /// Confidence of a count from C2.
    public var axisConfidence = 0.92
    /// Loss of confidence for each level counted away from the anchor (a missed or split body).
    public var stepLoss = 0.01
    /// Vertebrae of two views within this distance, in millimetres, are the same.
    public var matchDistance = 12.0

    public init() {}
  }

  public var canal = Canal()
  public var vertebrae = Vertebrae()
  public var arch = Arch()
  public var levels = Levels()
  public var outline = Outline()
  public var muscle = Muscle()

  public init() {}
}
