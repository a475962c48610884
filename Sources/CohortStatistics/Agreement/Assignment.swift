/// One-to-one pairs of least total cost, as many as the allowed pairs permit (the Hungarian method with potentials).
package enum Assignment {
  /// - Parameter costs: rows by columns; `nil` where a pair is not allowed.
  /// - Returns: for each row its column, or `nil`.
  package static func optimal(_ costs: [[Double?]]) -> [Int?] {
    let rows = costs.count
    let columns = costs.first?.count ?? 0
    guard rows > 0, columns > 0 else { return [Int?](repeating: nil, count: rows) }
    let largest = costs.joined().compactMap { $0 }.max() ?? 0
    // A forbidden pair costs more than all allowed ones together: as many pairs as possible, then the cheapest.
    let forbidden = (largest + 1) * Double(min(rows, columns) + 1)
    let size = max(rows, columns)
    func cost(_ row: Int, _ column: Int) -> Double {
      row < rows && column < columns ? costs[row][column] ?? forbidden : forbidden
    }
    let matched = squareAssignment(size, cost)
    return (0..<rows).map { row in
      let column = matched[row]
      return column < columns && costs[row][column] != nil ? column : nil
    }
  }

  /// The column of each row in a square problem; O(n^3).
  private static func squareAssignment(_ size: Int, _ cost: (Int, Int) -> Double) -> [Int] {
    // Index 0 is the empty start; rows and columns count from 1.
    var rowPotential = [Double](repeating: 0, count: size + 1)
    var columnPotential = rowPotential
    var rowOfColumn = [Int](repeating: 0, count: size + 1)
    for row in 1...size {
      rowOfColumn[0] = row
      var column = 0
      var least = [Double](repeating: .infinity, count: size + 1)
      var previous = [Int](repeating: 0, count: size + 1)
      var visited = [Bool](repeating: false, count: size + 1)
      repeat {
        visited[column] = true
        let current = rowOfColumn[column]
        var delta = Double.infinity
        var next = 0
        for candidate in 1...size where !visited[candidate] {
          let reduced = cost(current - 1, candidate - 1) - rowPotential[current] - columnPotential[candidate]
          if reduced < least[candidate] {
            least[candidate] = reduced
            previous[candidate] = column
          }
          if least[candidate] < delta {
            delta = least[candidate]
            next = candidate
          }
        }
        for index in 0...size {
          if visited[index] {
            rowPotential[rowOfColumn[index]] += delta
            columnPotential[index] -= delta
          } else {
            least[index] -= delta
          }
        }
        column = next
      } while rowOfColumn[column] != 0
      repeat {
        rowOfColumn[column] = rowOfColumn[previous[column]]
        column = previous[column]
      } while column != 0
    }
    var result = [Int](repeating: 0, count: size)
    for column in 1...size { result[rowOfColumn[column] - 1] = column - 1 }
    return result
  }
}
