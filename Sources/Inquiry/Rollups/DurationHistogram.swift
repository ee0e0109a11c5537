internal import Audit

/// Durations in microseconds, counted in classes. Two histograms can be added, so that a quantile of any period is computed from the counts of its
/// parts. The width of a class is at most an eighth of its durations.
package struct DurationHistogram: Sendable, Hashable {
    /// Classes with at least one duration, ascending.
    private var classes: [(index: Int, count: Int64)] = []
    /// Durations below this have a class each; above, each power of two has as many.
    private static let parts: Int64 = 8
    private static let partBits = 3
    /// The class of the longest duration that 64 bits can hold.
    static let lastClass = 487

    package init() {}

    package static func == (left: DurationHistogram, right: DurationHistogram) -> Bool {
        left.classes.elementsEqual(right.classes) { $0 == $1 }
    }

    package func hash(into hasher: inout Hasher) {
        for each in classes {
            hasher.combine(each.index)
            hasher.combine(each.count)
        }
    }

    /// How many durations were counted.
    package var total: Int64 { classes.reduce(0) { $0.saturatingSum($1.count) } }

    /// Counts one duration.
    package mutating func record(_ microseconds: Int64) { add(1, of: Self.index(of: max(0, microseconds))) }

    package mutating func add(_ other: DurationHistogram) {
        guard !classes.isEmpty else {
            classes = other.classes
            return
        }
        guard !other.classes.isEmpty else { return }
        // Both are ascending: they are merged in one pass.
        var (sum, mine, theirs) = ([(index: Int, count: Int64)](), 0, 0)
        sum.reserveCapacity(classes.count + other.classes.count)
        while mine < classes.count, theirs < other.classes.count {
            let (left, right) = (classes[mine], other.classes[theirs])
            if left.index == right.index {
                sum.append((left.index, left.count.saturatingSum(right.count)))
                (mine, theirs) = (mine + 1, theirs + 1)
            } else if left.index < right.index {
                sum.append(left)
                mine += 1
            } else {
                sum.append(right)
                theirs += 1
            }
        }
        sum += classes[mine...]
        sum += other.classes[theirs...]
        classes = sum
    }

    mutating func add(_ count: Int64, of index: Int) {
        // Classes in a text are ascending.
        guard let last = classes.last, index <= last.index else {
            classes.append((index, count))
            return
        }
        var (low, high) = (0, classes.count)
        while low < high {
            let middle = (low + high) / 2
            if classes[middle].index < index { low = middle + 1 } else { high = middle }
        }
        if low < classes.count, classes[low].index == index {
            classes[low].count = classes[low].count.saturatingSum(count)
        } else {
            classes.insert((index, count), at: low)
        }
    }

    /// The quantile of the durations, as the middle of its class; nil if none was counted.
    /// - Parameters:
    ///   - share: from 0 to 1.
    ///   - zeros: the number of additional durations of 0.
    package func quantile(_ share: Double, zeros: Int64 = 0) -> Int64? {
        let all = total.saturatingSum(zeros)
        guard all > 0 else { return nil }
        // The largest totals are none that a Double has; the next one above them is too large for an integer.
        let rank = max(1, Int64(exactly: (Double(all) * share).rounded(.up)) ?? all)
        var seen = zeros
        guard seen < rank else { return 0 }
        for each in classes {
            seen = seen.saturatingSum(each.count)
            if seen >= rank { return Self.middle(of: each.index) }
        }
        return classes.last.map { Self.middle(of: $0.index) }
    }

    private static func index(of microseconds: Int64) -> Int {
        guard microseconds >= parts else { return Int(microseconds) }
        let exponent = Int64.bitWidth - 1 - microseconds.leadingZeroBitCount
        // Bounded: the exponent is from 3 to 62.
        return (exponent - partBits + 1) * Int(parts) + Int(microseconds >> (exponent - partBits) & (parts - 1))
    }

    private static func middle(of index: Int) -> Int64 {
        guard index >= Int(parts) else { return Int64(index) }
        let shift = index / Int(parts) - 1
        // Bounded: by `lastClass`, the shift is at most 59.
        return ((parts + Int64(index % Int(parts))) << shift) + (Int64(1) << shift) / 2
    }

    // MARK: - As text

    /// `57 3 58 1`: each class and its count, for a column of a table.
    var text: String { classes.map { "\($0.index) \($0.count)" }.joined(separator: " ") }

    /// Adds a histogram that `text` wrote; false, possibly after adding some of it, if the text is invalid.
    mutating func add(text: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        func number() -> Int64? {
            let begin = place
            var value: UInt64 = 0
            while place < text.count, text[place] != UInt8(ascii: " ") {
                // Bounded: nineteen digits, as many as a sum can have.
                guard (0x30...0x39).contains(text[place]), place - begin < 19 else { return nil }
                value = value * 10 + UInt64(text[place] - 0x30)
                place += 1
            }
            guard place > begin else { return nil }
            place += 1
            return Int64(clamping: value)
        }
        while place < text.count {
            guard let index = number(), let count = number(), index <= Self.lastClass else { return false }
            add(count, of: Int(index))
        }
        return true
    }
}
