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
    /// Canal centre to vertebral body centre in millimetres: half a canal and half a body, cervical 15, lumbar 25.
    public var bodyCentreOffset = 22.0
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
    /// Psoas, axial only: to the side and in front of the canal's centre, in millimetres.
    public var psoasLateral = [27.0, 60.0]
    public var psoasBehind = [-45.0, -4.0]
    /// Psoas counts only where its signal is within this fraction of the muscles of the back.
    public var psoasTolerance = 0.15
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

  public var canal = Canal()
  public var muscle = Muscle()

  public init() {}
}
