import Testing

@testable import Gateway

@Suite struct HistogramTests {
    @Test func `counts a duration that equals a bound below it`() {
        for (slot, bound) in Histogram.bounds.enumerated() {
            let nanoseconds = Int64(bound * 1_000_000_000)
            var histogram = Histogram()
            histogram.record(.nanoseconds(nanoseconds))
            histogram.record(.nanoseconds(nanoseconds + 1))
            #expect(histogram.counts[slot] == 1)
            #expect(histogram.counts[slot + 1] == 1)
        }
    }

    @Test func `has growing bounds and one slot for what is longer`() {
        #expect(Histogram.bounds == Histogram.bounds.sorted())
        #expect(Set(Histogram.bounds).count == Histogram.bounds.count)
        var histogram = Histogram()
        histogram.record(.zero)
        histogram.record(.seconds(3_600))
        #expect(histogram.counts.count == Histogram.bounds.count + 1)
        #expect(histogram.counts.first == 1 && histogram.counts.last == 1)
    }

    @Test func `adds up`() {
        var left = Histogram()
        var right = Histogram()
        left.record(.milliseconds(3))
        right.record(.milliseconds(3))
        right.record(.seconds(2))
        left.add(right)
        #expect(left.total == 3)
        #expect(left.counts.reduce(0, +) == 3)
        #expect(left.counts[0] == 2)
        #expect(left.sumNanoseconds == 2_006_000_000)
    }
}
