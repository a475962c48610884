extension String {
  /// What a C shim wrote into a caller's message buffer: up to the zero that ends it.
  package init(shimMessage: [CChar]) {
    self.init(decoding: shimMessage.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
