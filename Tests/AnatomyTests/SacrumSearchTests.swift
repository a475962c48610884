import Anatomy
import Testing

/// S1 in chains whose figures are written down: regular ones from textbook sizes (analytic), and those measured on public
/// lumbar T2 stacks (fastcleverseg VB2; regression), where S1 was named by eye.
struct SacrumSearchTests {
  private typealias Body = SacrumSearch.Body

  /// Tilt, height, depth, disc above.
  private func chain(_ rows: [(Double, Double, Double, Double)]) -> SacrumSearch {
    SacrumSearch(
      bodies: rows.enumerated().map { index, row in
        Body(backwardTilt: row.0, height: row.1, depth: row.2, discAbove: index == 0 ? nil : row.3)
      })
  }

  private let lumbar = [
    (-0.25, 25.0, 31.0, 0.0), (-0.15, 25, 32, 10), (-0.05, 26, 33, 11), (0.05, 26, 34, 12), (0.3, 26, 34, 12),
  ]

  @Test func `the turn with a remnant disc and a tapering body below is S1`() throws {
    let best = try #require(chain(lumbar + [(0.6, 25, 32, 11), (0.6, 20, 22, 5), (0.5, 17, 17, 4)]).best)
    #expect(best.index == 5)
  }

  @Test func `a flat sacrum is found as well`() throws {
    let best = try #require(chain(lumbar + [(0.4, 25, 30, 11), (0.35, 20, 22, 5)]).best)
    #expect(best.index == 5)
  }

  @Test func `a worn disc above S1 does not make L5 the sacrum`() throws {
    let best = try #require(chain(lumbar + [(0.8, 24, 28, 5), (0.8, 18, 20, 3)]).best)
    #expect(best.index == 5)
  }

  @Test func `a picture that ends at L5, or at a flat S1, has no sacrum`() {
    #expect(chain(lumbar).best == nil)
    #expect(chain(lumbar + [(0.5, 25, 32, 11)]).best == nil)
    #expect(chain(lumbar + [(0.5, 25, 30, 5)]).best == nil)
  }

  @Test func `a steep last body is S1`() throws {
    let best = try #require(chain(lumbar + [(1.1, 25, 28, 11)]).best)
    #expect(best.index == 5)
  }

  @Test func `a neck that turns into kyphosis has none`() {
    let neck = (0..<5).map { (0.05 * Double($0), 12.0, 15.0, 6.0) }
    #expect(chain(neck + [(0.5, 13, 16, 7), (0.5, 12, 12, 4), (0.4, 12, 11, 4)]).best == nil)
  }

  @Test(
    arguments: [
      // Four bodies above S1, S1 and what was found below it.
      [
        (-0.19, 26, 29.5, 13), (0.06, 26, 30.8, 14), (0.5, 23, 17.8, 12), (0.65, 21, 17.5, 11), (0.59, 20, 14.8, 5),
        (0.51, 23, 18.8, 11),
      ],
      [
        (-0.17, 25, 29.7, 13), (-0.11, 26, 30.7, 16), (0.11, 26, 30.5, 16), (0.4, 25, 30, 15), (1.21, 28, 23.2, 15),
        (0.71, 29, 25.3, 4),
      ],
      [
        (-0.18, 25, 28.8, 13), (-0.08, 25, 30.5, 14), (0.14, 25, 28.5, 14), (0.54, 25, 25.7, 8), (0.93, 23, 23.5, 5),
        (0.81, 9, 18.5, 2),
      ],
    ] as [[(Double, Double, Double, Double)]])
  func `measured chains`(rows: [(Double, Double, Double, Double)]) throws {
    let expected = rows.firstIndex { $0.0 >= 0.65 }
    #expect(chain([(-0.3, 25, 30, 13), (-0.3, 25, 30, 13)] + rows).best?.index == expected.map { $0 + 2 })
  }

  @Test func `fragments of bodies are no sacrum`() {
    let broken = [(0.1, 9.0, 25.0, 2.0), (0.2, 9, 24, 2), (0.37, 9, 21.2, 2), (0.51, 10, 13.5, 3), (0.64, 11, 7.7, 2)]
    #expect(chain(broken).best == nil)
  }
}
