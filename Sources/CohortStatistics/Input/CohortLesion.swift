package import Findings

/// The few columns of a lesion that the tables need: some tens of bytes, so that an archive's lesions fit in memory.
package struct CohortLesion: Sendable, Equatable {
  /// Region of the spine, `nil` where the level is unknown.
  package enum SpineRegion: String, Sendable, CaseIterable { case cervical, thoracic, lumbar, sacral }

  /// Position of the patient in `Cohort.patients`.
  package var patient: Int32
  package var margin: MarginRecord.MarginClass
  package var t1: SignalRecord.SignalClass?
  package var t2: SignalRecord.SignalClass?
  package var part: LocationRecord.Part
  package var extent: ExtentRecord.ExtentClass
  package var enhancement: EnhancementRecord.Pattern
  package var matrix: MatrixRecord.MatrixClass
  package var matrixBasis: MatrixRecord.Basis
  package var region: SpineRegion?
  package var sizeStatus: SizeRecord.Status
  package var diameterMm: Double?

  package init(patient: Int32, lesion: LesionRecord) {
    self.patient = patient
    margin = lesion.margin.class
    t1 = lesion.signal.t1.class
    t2 = lesion.signal.t2.class
    part = lesion.location.part
    extent = lesion.extent.class
    enhancement = lesion.enhancement.class
    matrix = lesion.matrix.class
    matrixBasis = lesion.matrix.basis
    region = lesion.location.region.flatMap(SpineRegion.init)
    sizeStatus = lesion.size.status
    diameterMm = lesion.size.status == .measured ? lesion.size.maximumSagittalDiameterMm : nil
  }
}

extension CohortLesion {
  /// The matrix as Tables 2 and 3 count it: only a CT speaks; one guessed from T2 would be tested against itself.
  package var referenceMatrix: MatrixRecord.MatrixClass { matrixBasis == .ct ? matrix : .indeterminate }
}
