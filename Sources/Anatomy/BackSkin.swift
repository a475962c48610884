internal import Imaging

/// The skin of the back on each front-to-back line of a working stack (a row of a sagittal, a column of an axial one).
struct BackSkin {
  private let stack: WorkingStack
  private let sagittal: Bool
  private let surfaces: [Int]
  private let lines: Int

  init(_ stack: WorkingStack, sagittal: Bool) {
    self.stack = stack
    self.sagittal = sagittal
    lines = sagittal ? stack.rows : stack.columns
    let length = sagittal ? stack.columns : stack.rows
    let needed = max(2, Int((5 / stack.pixel).rounded()))
    var surfaces = [Int](repeating: -1, count: lines * stack.slices)
    for slice in 0..<stack.slices {
      for line in 0..<lines {
        var run = 0
        for depth in stride(from: length - 1, through: 0, by: -1) {
          let value = sagittal ? stack.value(depth, line, slice) : stack.value(line, depth, slice)
          run = value > stack.airLevel ? run + 1 : 0
          if run >= needed {
            surfaces[slice * lines + line] = depth + needed - 1
            break
          }
        }
      }
    }
    self.surfaces = surfaces
  }

  /// The last pixel of tissue on a line, counted from the front; `nil` where there is none.
  func surface(line: Int, slice: Int) -> Int? {
    guard line >= 0, line < lines, slice >= 0, slice < stack.slices else { return nil }
    let value = surfaces[slice * lines + line]
    return value < 0 ? nil : value
  }

  /// The line halfway between the first and the last that has tissue.
  func middleLine(slice: Int) -> Int {
    let present = (0..<lines).filter { surfaces[slice * lines + $0] >= 0 }
    guard let first = present.first, let last = present.last else { return lines / 2 }
    return (first + last) / 2
  }

  /// Millimetres from a pixel to the skin of the back.
  func depth(column: Int, row: Int, slice: Int) -> Double? {
    guard let surface = surface(line: sagittal ? row : column, slice: slice) else { return nil }
    return Double(surface - (sagittal ? column : row)) * stack.pixel
  }
}
