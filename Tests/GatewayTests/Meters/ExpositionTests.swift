import Testing

@testable import Administration
@testable import Gateway

@Suite struct ExpositionTests {
    private static func text(_ format: Exposition.Format) -> String {
        var out = Exposition(format)
        out.family("a_total", .counter, "Things.")
        out.sample("a_total", [("caller", "x"), ("code", "HSSGW.1")], 3)
        out.family("b", .gauge, "Now.")
        out.sample("b", [], 1.5)
        return out.finish()
    }

    @Test func `writes Prometheus text`() {
        #expect(
            Self.text(.prometheus) == """
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{caller="x",code="HSSGW.1"} 3
                # HELP b Now.
                # TYPE b gauge
                b 1.5

                """
        )
        #expect(Exposition.Format.prometheus.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }

    @Test func `writes OpenMetrics text with the family's short name and an end`() {
        #expect(
            Self.text(.openMetrics) == """
                # HELP a Things.
                # TYPE a counter
                a_total{caller="x",code="HSSGW.1"} 3
                # HELP b Now.
                # TYPE b gauge
                b 1.5
                # EOF

                """
        )
        #expect(Exposition.Format.openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
    }

    @Test func `escapes what would end a label or a line`() {
        var out = Exposition(.prometheus)
        out.sample("a", [("l", "q\" b\\ n\n é")], 1)
        #expect(out.finish() == #"a{l="q\" b\\ n\n é"} 1"# + "\n")
    }

    @Test func `writes a histogram cumulatively up to infinity`() {
        var histogram = Histogram()
        for duration in [Duration.milliseconds(1), .milliseconds(5), .milliseconds(6), .seconds(61)] { histogram.record(duration) }
        var out = Exposition(.prometheus)
        out.histogram("h", [("m", "GET")], histogram)
        let lines = out.finish().split(separator: "\n")
        #expect(lines.count == Histogram.bounds.count + 3)
        #expect(lines[0] == #"h_bucket{m="GET",le="0.005"} 2"#)
        #expect(lines[1] == #"h_bucket{m="GET",le="0.01"} 3"#)
        #expect(lines[15] == #"h_bucket{m="GET",le="60.0"} 3"#)
        #expect(lines[16] == #"h_bucket{m="GET",le="+Inf"} 4"#)
        #expect(lines[17] == #"h_sum{m="GET"} 61.012"#)
        #expect(lines[18] == #"h_count{m="GET"} 4"#)
    }
}
