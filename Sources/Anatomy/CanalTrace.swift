internal import Imaging

/// The canal of one stack: its course, the straightened midline picture and its walls, centred between the walls.
struct CanalTrace: Sendable {
  let spine: StraightSpine
  let picture: StraightPicture
  let walls: CanalWalls
  /// Depth of the vertebral bodies in front of the canal's front wall, millimetres at each station.
  let bodyDepth: [Double]
  /// The line through the bodies' middles, with its own stations: along it bodies keep their true height where the
  /// spine is curved. `u` runs from it to the front.
  let axis: StraightSpine
  /// Body depth at each station of the axis.
  let axisBodyDepth: [Double]
  /// For each station of the axis the canal's station behind it.
  let canalStationOfAxis: [Int]

  /// `nil` where the course is too short.
  init?(
    path: CanalPath, coarse: WorkingStack, stack: WorkingStack, fluidIsBright: Bool, parameters: AnatomyParameters
  ) {
    var course = path.smoothed().map { stack.geometry.index(ofPosition: coarse.geometry.position(ofIndex: $0)) }
    let reach = parameters.vertebrae.tangentReach
    for pass in 0..<3 {
      guard let spine = StraightSpine(course: course, stack: stack, tangentReach: reach) else { return nil }
      let picture = StraightPicture(
        spine, stack: stack, firstU: -30, lastU: 60, halfThickness: parameters.vertebrae.midlineReach)
      let walls = CanalWalls(picture: picture, fluidIsBright: fluidIsBright, parameters: parameters.canal)
      if pass == 2 {
        self.spine = spine
        self.picture = picture
        self.walls = walls
        let range = Int(parameters.vertebrae.bodyDepths[0])...Int(parameters.vertebrae.bodyDepths[1])
        let depth = CanalWalls.bodyDepth(picture: picture, walls: walls, range: range)
        let middles = CanalPath.runningMean(
          zip(walls.front, depth).map { $0 + $1 / 2 }, radius: Int(parameters.vertebrae.tangentReach))
        let line = spine.stations.indices.map { s in
          let place = spine.place(s: Double(s), u: middles[s])
          return Vector3(place.column, place.row, spine.stations[s].slice)
        }
        guard let axis = StraightSpine(course: line, stack: stack, tangentReach: reach) else { return nil }
        bodyDepth = depth
        self.axis = axis
        let nearest = axis.nearestStations(of: line)
        axisBodyDepth = nearest.map { depth[$0] }
        canalStationOfAxis = nearest
        return
      }
      // To the middle between the walls; smoothed, as the next pass finds the rest.
      let shifts = CanalPath.runningMean(zip(walls.front, walls.back).map { ($0 - $1) / 2 }, radius: 10)
      course = spine.stations.indices.map { s in
        let station = spine.stations[s]
        return Vector3(
          station.column + station.frontColumn * shifts[s] / spine.pixel,
          station.row + station.frontRow * shifts[s] / spine.pixel, station.slice)
      }
    }
    return nil
  }

  /// For each station of the canal the axis' station in front of it.
  var axisStationOfCanal: [Int] {
    var output = [Int](repeating: 0, count: spine.count)
    var axisStation = 0
    for station in output.indices {
      while axisStation + 1 < canalStationOfAxis.count, canalStationOfAxis[axisStation] < station { axisStation += 1 }
      output[station] = axisStation
    }
    return output
  }

  /// Where the canal's front wall lies behind a station of the axis, millimetres along the axis' front direction.
  func backOfBody(axisStation: Int) -> Double {
    let reach = 4
    var sum = 0.0
    var count = 0.0
    for station in max(0, axisStation - reach)...min(axis.count - 1, axisStation + reach) {
      let canal = canalStationOfAxis[station]
      let wall = spine.place(s: Double(canal), u: walls.front[canal])
      let here = axis.stations[station]
      sum +=
        ((wall.column - here.column) * here.frontColumn + (wall.row - here.row) * here.frontRow) * axis.pixel
      count += 1
    }
    return sum / count
  }

  /// LPS millimetres along the centre, one a millimetre.
  func centreline(in stack: WorkingStack) -> [Vector3] {
    spine.stations.map { stack.geometry.position(ofIndex: Vector3($0.column, $0.row, $0.slice)) }
  }
}
