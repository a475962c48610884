/// A vertebra by its level, counted from the head. T13 and L6 exist for transitional anatomy.
///
/// Raw values are stable: they are the numbers that an `AnatomyMap` and the phantom's anatomy label map carry.
public enum VertebralLevel: UInt8, Sendable, Hashable, CaseIterable, Comparable {
  case c1 = 1, c2, c3, c4, c5, c6, c7
  case t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13
  case l1, l2, l3, l4, l5, l6
  case s1, s2, s3, s4, s5
  case coccyx

  public enum Region: String, Sendable, Hashable, CaseIterable { case cervical, thoracic, lumbar, sacral }

  /// `C1` to `C7`, `T1` to `T13`, `L1` to `L6`, `S1` to `S5`, `Co`.
  public var name: String {
    switch self {
    case .coccyx: "Co"
    case .c1, .c2, .c3, .c4, .c5, .c6, .c7: "C\(rawValue)"
    case .l1, .l2, .l3, .l4, .l5, .l6: "L\(rawValue - Self.l1.rawValue + 1)"
    case .s1, .s2, .s3, .s4, .s5: "S\(rawValue - Self.s1.rawValue + 1)"
    default: "T\(rawValue - Self.t1.rawValue + 1)"
    }
  }

  /// The level of a name as printed by `name`, in any letter case; `nil` for any other text.
  public init?(name: String) {
    let wanted = name.uppercased()
    guard let level = Self.allCases.first(where: { $0.name.uppercased() == wanted }) else { return nil }
    self = level
  }

  public var region: Region {
    switch self {
    case .c1, .c2, .c3, .c4, .c5, .c6, .c7: .cervical
    case .l1, .l2, .l3, .l4, .l5, .l6: .lumbar
    case .s1, .s2, .s3, .s4, .s5, .coccyx: .sacral
    default: .thoracic
    }
  }

  /// Consecutive levels that keep vertebrae of unknown level apart, none of the dens or the sacrum among them: such
  /// vertebrae must not be treated as what is shaped unlike its neighbours. `nil` beyond the 24th.
  public static func ordinal(_ index: Int, of count: Int) -> Self? {
    let first: Self = count <= 19 ? .t1 : .c3
    guard index >= 0, Int(first.rawValue) + index <= Int(Self.l6.rawValue) else { return nil }
    return Self(rawValue: first.rawValue + UInt8(index))
  }

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
