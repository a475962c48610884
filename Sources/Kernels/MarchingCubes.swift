/// The half-level mesh of a mask: its surface area and the volume it encloses.
///
/// Vertices lie half-way along the grid's edges between inside and outside voxel centres. In each cube of eight centres
/// the mesh is made of closed loops of such vertices, joined along the cube's faces; where two inside corners of a face
/// lie across from each other they stay joined, so that faces fit and the mesh is closed. A loop is filled by a fan
/// about its centre, which treats mirrored and turned masks alike. A mask gives only 256 kinds of cubes, so area and
/// volume follow from counting them: linear cost, no mesh in memory.
public enum MarchingCubes {
  public struct Mesh: Sendable, Equatable {
    /// Square millimetres (IBSI C0JK).
    public var area: Double
    /// Cubic millimetres (IBSI RNU0).
    public var volume: Double
  }

  /// Measures the mesh of a mask of zeros and ones (the column runs fastest, then the row, then the slice); what lies
  /// beyond the grid is outside. Traps when the mask does not fill its grid.
  public static func measure(
    mask: [UInt8], columns: Int, rows: Int, slices: Int, spacing: SIMD3<Double>
  ) -> Mesh {
    precondition(mask.count == columns * rows * slices, "a mask needs one value for each voxel")
    var counts = [Int](repeating: 0, count: 256)
    // Sum of the cubes' column index, for the volume by the divergence theorem along the columns.
    var columnSums = [Int](repeating: 0, count: 256)
    // Two slices with a rim of zeros, so that cubes reach over every border.
    let width = columns + 2
    var codes = [UInt8](repeating: 0, count: width)
    for slice in 0...slices {
      for row in 0...rows {
        var some = false
        for index in 0..<width { codes[index] = 0 }
        for (bit, dz, dy) in [(0, -1, -1), (2, -1, 0), (4, 0, -1), (6, 0, 0)] {
          let (z, y) = (slice + dz, row + dy)
          guard z >= 0, z < slices, y >= 0, y < rows else { continue }
          some = true
          addLine(mask, (z * rows + y) * columns, columns, UInt8(bit), to: &codes)
        }
        guard some else { continue }
        for column in 0...columns {
          // Corner bits: column + 2 row + 4 slice; the line's bits of the next column are shifted by one.
          let code = Int(codes[column] | codes[column + 1] << 1)
          if code == 0 || code == 255 { continue }
          counts[code] += 1
          columnSums[code] += column - 1
        }
      }
    }
    return sum(counts, columnSums, spacing)
  }

  private static func addLine(_ mask: [UInt8], _ start: Int, _ columns: Int, _ bit: UInt8, to codes: inout [UInt8]) {
    unsafe mask.withUnsafeBufferPointer { members in
      unsafe codes.withUnsafeMutableBufferPointer { codes in
        for column in 0..<columns { unsafe codes[column &+ 1] |= members[start &+ column] &<< bit }
      }
    }
  }

  private static func sum(_ counts: [Int], _ columnSums: [Int], _ spacing: SIMD3<Double>) -> Mesh {
    var mesh = Mesh(area: 0, volume: 0)
    for code in 1..<255 where counts[code] > 0 {
      let cube = CubePart(loops: CubeLoops.table[code], spacing: spacing)
      mesh.area += Double(counts[code]) * cube.area
      mesh.volume += Double(counts[code]) * cube.volume + Double(columnSums[code]) * spacing.x * cube.columnArea
    }
    return mesh
  }
}

/// What the surface inside one kind of cube adds.
private struct CubePart {
  var area = 0.0
  /// Integral of x over the surface's projection along the columns, x counted from the cube's first corner.
  var volume = 0.0
  /// The projection's area, signed.
  var columnArea = 0.0

  init(loops: [[SIMD3<Double>]], spacing: SIMD3<Double>) {
    for loop in loops {
      let corners = loop.map { $0 * spacing }
      let centre = corners.reduce(SIMD3<Double>.zero, +) / Double(corners.count)
      for index in corners.indices {
        let next = corners[(index + 1) % corners.count]
        // Loops keep the inside on their left seen from outside a face, so that this order turns the normal outward.
        let (u, v) = (next - centre, corners[index] - centre)
        let normal =
          SIMD3(u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x) / 2
        area += (normal.x * normal.x + normal.y * normal.y + normal.z * normal.z).squareRoot()
        columnArea += normal.x
        volume += normal.x * (centre.x + corners[index].x + next.x) / 3
      }
    }
  }
}

/// The loops of vertices in each of the 256 kinds of cubes, normals outward, found by walking along the faces.
private enum CubeLoops {
  static let table: [[[SIMD3<Double>]]] = (0..<256).map(loops)

  /// Corners of each face, counter-clockwise seen from outside the cube; corner = column + 2 row + 4 slice.
  private static let faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]]

  private static func loops(_ code: Int) -> [[SIMD3<Double>]] {
    let isInside = { (corner: Int) in code >> corner & 1 == 1 }
    // From the edge by which a face leaves the inside to the next by which it comes back.
    var following: [Int: Int] = [:]
    for face in faces {
      for side in 0..<4 where isInside(face[side]) && !isInside(face[(side + 1) & 3]) {
        var other = side + 1
        while isInside(face[other & 3]) || !isInside(face[(other + 1) & 3]) { other += 1 }
        following[edge(face[side], face[(side + 1) & 3])] = edge(face[other & 3], face[(other + 1) & 3])
      }
    }
    var loops: [[SIMD3<Double>]] = []
    while let start = following.keys.min() {
      var loop: [SIMD3<Double>] = []
      var place = start
      while let next = following.removeValue(forKey: place) {
        loop.append((position(place >> 3) + position(place & 7)) / 2)
        place = next
      }
      loops.append(loop)
    }
    return loops
  }

  private static func edge(_ a: Int, _ b: Int) -> Int { min(a, b) << 3 | max(a, b) }

  private static func position(_ corner: Int) -> SIMD3<Double> {
    SIMD3(Double(corner & 1), Double(corner >> 1 & 1), Double(corner >> 2))
  }
}
