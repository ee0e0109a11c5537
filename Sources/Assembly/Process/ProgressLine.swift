import Glibc

/// One line on a terminal that is redrawn; nothing is written if stderr is no terminal.
package final class ProgressLine {
    /// The minimum time between two drawings.
    private static let pause: Duration = .milliseconds(100)

    package init() {}

    private let isShown = isatty(STDERR_FILENO) == 1
    private var next: ContinuousClock.Instant?
    private var width = 0

    /// Draws a text if it is time to.
    package func show(_ text: @autoclosure () -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard next.map({ now >= $0 }) ?? true else { return }
        next = now + Self.pause
        draw(text())
    }

    /// Erases the line.
    package func clear() {
        guard isShown, width > 0 else { return }
        draw("")
        put("\r")
    }

    private func draw(_ text: String) {
        put("\r" + text + String(repeating: " ", count: max(0, width - text.count)))
        width = text.count
    }

    private func put(_ text: String) {
        var text = text
        _ = text.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
