import Imaging
import Phantom
import Testing

/// Diameters and volumes of a sphere inside a vertebral body, whose truth is school geometry.
@Suite struct LesionGeometryAnalyticTests {
  private static func scene(diameter: Double) throws -> PhantomScene {
    var study = PhantomStudySpecification(name: "sphere", seed: 5)
    var sphere = LesionSpecification()
    sphere.level = "L3"
    sphere.diameter = diameter
    sphere.aspect = [1, 1]
    sphere.lobulation = 0
    sphere.place = [0, 0, 0]
    study.lesions = [sphere]
    let t1 = PulseSequence(repetitionTime: 600, echoTime: 10, fieldStrength: 1.5)
    let t2 = PulseSequence(repetitionTime: 2900, echoTime: 100, fieldStrength: 1.5)
    return try PhantomScene(study, nominalT1: t1, nominalT2: t2)
  }

  private static func stack(center: Vector3, offset: Double, step: Double) throws -> VolumeGeometry {
    try VolumeGeometry(
      columns: 8, rows: 8, slices: 9, origin: center - Vector3(-4 * step - offset, 4, -4),
      rowDirection: Vector3(0, 1, 0),
      columnDirection: Vector3(0, 0, -1), spacing: Vector3(1, 1, step))
  }

  @Test(arguments: [(4.0, 0.3), (10, 0), (10, 1.1), (14, 2.2), (18, 1.7)])
  func `a sphere between slices shows the chord of the nearest plane`(diameter: Double, offset: Double) throws {
    let scene = try Self.scene(diameter: diameter)
    let lesion = scene.lesions[0]
    let geometry = try Self.stack(center: lesion.boundingCenter, offset: offset, step: 4.4)
    let found = try #require(LesionGeometry(scene: scene, lesion: lesion).inSliceDiameter(geometry))
    let expected = 2 * (diameter * diameter / 4 - offset * offset).squareRoot()
    // Scan lines 0.1 mm apart miss at most the sagitta of half a step.
    #expect(abs(found.length - expected) < 0.02)
    #expect(found.slice == 4)
  }

  @Test(arguments: [6.0, 12, 18])
  func `its diameter and volume in space are those of a sphere`(diameter: Double) throws {
    let scene = try Self.scene(diameter: diameter)
    let solid = LesionGeometry(scene: scene, lesion: scene.lesions[0]).solid()
    #expect(abs(try #require(solid.maximumDiameter) - diameter) < 0.06)
    let volume = Double.pi / 6 * diameter * diameter * diameter
    #expect(abs(solid.volume - volume) < 0.015 * volume)
    #expect(solid.extraosseousFraction == 0)
  }

  @Test func `a plane that misses the sphere gives no diameter`() throws {
    let scene = try Self.scene(diameter: 4)
    let geometry = try Self.stack(center: scene.lesions[0].boundingCenter, offset: 2.5, step: 30)
    #expect(LesionGeometry(scene: scene, lesion: scene.lesions[0]).inSliceDiameter(geometry) == nil)
  }
}
