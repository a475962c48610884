import Imaging

/// Mean adult dimensions of a vertebra in millimetres.
///
/// Bodies, canal, pedicles and spans: Panjabi et al., Quantitative anatomy of the cervical, thoracic and lumbar spine,
/// Spine 1991;16:861, 1991;16:888, 1992;17:299 (upper endplate width and depth, posterior body height, canal width and
/// depth, pedicle width and height, span between the transverse processes' tips). Disc heights and the sacrum after
/// Gilad & Nissan 1986 and Cheng & Song 2003, rounded. Values as remembered from these tables.
struct VertebraDimensions: Sendable {
  let level: VertebralLevel
  let width: Double
  let depth: Double
  let height: Double
  let discBelow: Double
  let canalWidth: Double
  let canalDepth: Double
  let pedicleWidth: Double
  let pedicleHeight: Double
  let transverseSpan: Double
  /// From the canal's posterior wall to the tip.
  let spinousLength: Double
  let spinousHeight: Double
  /// Degrees below the body's own horizontal.
  let spinousDecline: Double
  /// Anterior tilt of the body's axis in degrees, supine, in a person of average curvature.
  let tilt: Double
  /// From the body's centre to the skin of the back.
  let skinDepth: Double

  static let all: [VertebraDimensions] = table.map { row in
    let (level, v) = row
    return VertebraDimensions(
      level: level, width: v[0], depth: v[1], height: v[2], discBelow: v[3], canalWidth: v[4], canalDepth: v[5],
      pedicleWidth: v[6], pedicleHeight: v[7], transverseSpan: v[8], spinousLength: v[9], spinousHeight: v[10],
      spinousDecline: v[11], tilt: v[12], skinDepth: v[13])
  }

  //                                           W     D     H   disc canW  canD  pedW pedH span spin  spH decl tilt skin
  private static let table: [(VertebralLevel, [Double])] = [
    (.c1, [12.0, 9.0, 11.0, 1.0, 28.0, 22.0, 6.0, 7.0, 76, 4, 8, 0, -4, 66]),
    (.c2, [17.5, 15.6, 18.0, 4.5, 24.5, 20.9, 7.0, 8.0, 56, 17, 12, 10, -3, 64]),
    (.c3, [16.5, 15.6, 13.0, 5.0, 22.9, 16.2, 5.5, 7.4, 50, 14, 8, 12, 0, 62]),
    (.c4, [17.2, 15.9, 12.8, 5.0, 24.7, 17.7, 5.4, 7.4, 49, 14, 8, 14, 4, 62]),
    (.c5, [18.0, 16.6, 12.5, 5.0, 24.9, 17.4, 5.6, 7.0, 50, 16, 8, 16, 9, 64]),
    (.c6, [19.5, 17.3, 12.5, 5.2, 25.8, 18.1, 6.0, 7.3, 51, 22, 9, 18, 15, 66]),
    (.c7, [22.0, 17.9, 14.0, 5.0, 24.5, 15.2, 6.6, 7.5, 66, 30, 11, 22, 21, 68]),
    (.t1, [25.5, 18.5, 15.5, 4.2, 21.8, 16.4, 8.2, 9.6, 74, 34, 12, 28, 25, 70]),
    (.t2, [25.5, 19.6, 17.0, 3.8, 19.5, 16.0, 7.5, 11.4, 69, 34, 12, 35, 22, 70]),
    (.t3, [25.5, 22.7, 17.4, 3.6, 18.2, 15.9, 6.5, 11.9, 62, 34, 12, 42, 18, 69]),
    (.t4, [25.5, 23.3, 17.8, 3.6, 17.0, 16.2, 5.5, 12.1, 60, 34, 12, 48, 13, 68]),
    (.t5, [26.0, 24.3, 18.2, 3.6, 17.3, 16.2, 5.4, 12.0, 59, 35, 12, 52, 8, 67]),
    (.t6, [27.0, 26.0, 18.8, 3.8, 17.3, 16.5, 5.6, 12.0, 59, 35, 12, 54, 3, 66]),
    (.t7, [28.3, 27.4, 19.4, 4.0, 17.3, 16.2, 5.8, 12.2, 60, 35, 12, 54, -2, 66]),
    (.t8, [29.8, 27.9, 20.0, 4.4, 17.7, 15.9, 6.2, 12.6, 59, 34, 12, 50, -6, 67]),
    (.t9, [31.0, 29.3, 20.6, 4.8, 17.9, 15.7, 6.6, 13.8, 58, 33, 13, 45, -10, 69]),
    (.t10, [32.5, 30.5, 21.8, 5.4, 18.2, 15.5, 7.2, 14.9, 56, 31, 14, 38, -13, 72]),
    (.t11, [35.5, 31.9, 23.0, 6.0, 19.4, 16.0, 8.5, 16.5, 50, 30, 16, 28, -14, 75]),
    (.t12, [39.0, 33.0, 24.5, 6.8, 22.2, 18.1, 8.8, 16.5, 48, 30, 18, 18, -14, 79]),
    (.l1, [41.5, 34.1, 26.0, 7.6, 23.7, 19.0, 8.6, 15.9, 71, 31, 20, 10, -11, 83]),
    (.l2, [43.0, 34.6, 26.8, 8.6, 23.8, 18.2, 8.8, 15.0, 76, 32, 22, 8, -6, 87]),
    (.l3, [45.0, 35.2, 27.0, 9.6, 24.3, 17.5, 10.1, 14.4, 86, 33, 23, 6, 1, 91]),
    (.l4, [47.5, 35.5, 26.8, 10.4, 25.4, 18.6, 13.0, 15.5, 79, 31, 21, 6, 10, 93]),
    (.l5, [49.5, 35.2, 26.0, 9.6, 27.1, 19.7, 17.5, 15.0, 92, 25, 16, 8, 22, 92]),
    (.s1, [50.0, 33.0, 27.0, 2.0, 30.0, 18.0, 18.0, 16.0, 108, 14, 16, 10, 38, 82]),
    (.s2, [40.0, 23.0, 23.0, 1.4, 26.0, 14.0, 16.0, 15.0, 92, 12, 15, 10, 36, 66]),
    (.s3, [33.0, 17.0, 20.0, 1.0, 20.0, 11.0, 14.0, 13.0, 74, 10, 13, 10, 27, 52]),
    (.s4, [28.0, 14.0, 18.0, 0.8, 15.0, 8.0, 10.0, 11.0, 56, 7, 11, 10, 12, 44]),
    (.s5, [23.0, 11.0, 16.0, 1.5, 10.0, 5.0, 8.0, 9.0, 42, 5, 9, 10, -8, 38]),
    (.coccyx, [14.0, 8.0, 26.0, 1.0, 0.5, 0.5, 3.0, 4.0, 18, 1, 4, 0, -28, 32]),
  ]
}
