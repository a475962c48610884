/// A point or a direction in the patient coordinate system: LPS (left, posterior, superior), millimetres.
public typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  /// Scalar product, summed x, y, z in that order.
  @inlinable public func dot(_ other: Self) -> Double { x * other.x + y * other.y + z * other.z }

  /// Right-handed vector product.
  @inlinable public func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// Euclidean length, in the unit of the components.
  @inlinable public var length: Double { dot(self).squareRoot() }

  /// The unit vector of the same direction; `nil` for the null vector and for components that are not finite.
  @inlinable public var normalized: Self? {
    let length = self.length
    guard length > 0, length.isFinite else { return nil }
    return self / length
  }
}
