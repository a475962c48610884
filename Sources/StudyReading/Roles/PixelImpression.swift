/// What the pixels of a series look like, as statements with weights.
public struct PixelImpression: Sendable {
  package var testimony: [Testimony]

  package init(testimony: [Testimony]) { self.testimony = testimony }
}
