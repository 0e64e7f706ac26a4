import Queueing
import Testing

@Suite("General curves")
struct GeneralCurveTests {
  /// Gunther's raytracer data (SGI Origin 2000), published fit sigma about 0.05, kappa about 5e-6 on
  /// normalised data: Guerrilla Capacity Planning, 2007, chapter 5.
  static let raytracer: [(count: Double, throughput: Double)] = [
    (1, 20), (4, 78), (8, 130), (12, 170), (16, 190), (20, 200), (24, 210), (28, 230), (32, 260),
    (48, 280), (64, 310),
  ]

  @Test("the raytracer fits Gunther's law with a sigma near 0.05")
  func gunther() throws {
    let law = try #require(ScalabilityLaw.fit(Self.raytracer, coherency: true))
    #expect((0.03...0.07).contains(law.contention))
    #expect((0...1e-4).contains(law.coherency))
    for point in Self.raytracer {
      #expect(abs(law.throughput(at: point.count) / point.throughput - 1) < 0.12)
    }
  }

  @Test("a law is found again from its own points", arguments: [0, 1e-4, 0.003])
  func identity(coherency: Double) throws {
    let law = ScalabilityLaw(rate: 3, contention: 0.08, coherency: coherency)
    let points = [1.0, 2, 4, 8, 16].map { (count: $0, throughput: law.throughput(at: $0)) }
    let found = try #require(ScalabilityLaw.fit(points, coherency: true))
    #expect(abs(found.throughput(at: 128) / law.throughput(at: 128) - 1) < 1e-6)
  }

  @Test("superlinear points do not make a negative sigma; no points make no law")
  func edges() throws {
    let law = try #require(
      ScalabilityLaw.fit([(1, 1), (2, 2.4), (4, 5.5)], coherency: true))
    #expect(law.contention >= 0 && law.coherency >= 0)
    #expect(ScalabilityLaw.fit([], coherency: true) == nil)
    let amdahl = try #require(ScalabilityLaw.fit(Self.raytracer, coherency: false))
    #expect(amdahl.coherency == 0 && amdahl.contention > 0)
  }
}
