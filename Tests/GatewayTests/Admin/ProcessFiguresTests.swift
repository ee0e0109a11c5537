import Foundation
import Testing

@testable import Administration

@Suite struct ProcessFiguresTests {
    @Test func `describes this process`() {
        let figures = ProcessFigures.read()
        let now = Date().timeIntervalSince1970
        #expect(figures.cpuSeconds >= 0 && figures.cpuSeconds < now)
        #expect(figures.residentBytes > 1 << 20 && figures.residentBytes <= figures.virtualBytes)
        // `/proc` counts in ticks since boot, and boot is known to the second.
        #expect(figures.startTime > now - 86_400 && figures.startTime <= now + 2)
        #expect(figures.openDescriptors >= 3 && figures.openDescriptors <= figures.maximumDescriptors)
    }

    @Test func `writes each figure with its family`() {
        var out = Exposition(.prometheus)
        ProcessFigures(
            cpuSeconds: 1.25, residentBytes: 10, virtualBytes: 20, startTime: 1_700_000_000.5, openDescriptors: 7, maximumDescriptors: 1024
        ).write(to: &out)
        let lines = out.finish().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "process_cpu_seconds_total 1.25", "process_resident_memory_bytes 10", "process_virtual_memory_bytes 20",
                "process_start_time_seconds 1700000000.5", "process_open_fds 7", "process_max_fds 1024",
            ]
        )
    }
}
