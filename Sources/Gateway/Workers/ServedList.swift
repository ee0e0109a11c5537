/// Waiters to be called back, in the order in which they were added.
///
/// The list is emptied before the first callback, because a callback may add waiters again; those are served the next time. Its memory is reused,
/// unless waiters were added meanwhile.
struct ServedList<Element> {
    private var elements: [Element] = []

    var isEmpty: Bool { elements.isEmpty }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func append(contentsOf others: some Sequence<Element>) { elements.append(contentsOf: others) }

    /// Removes and returns all waiters.
    mutating func take() -> [Element] {
        var taken: [Element] = []
        swap(&taken, &elements)
        return taken
    }

    /// Reuses the memory of a list that was served.
    mutating func recycle(_ served: consuming [Element]) {
        guard elements.isEmpty else { return }
        served.removeAll(keepingCapacity: true)
        swap(&served, &elements)
    }
}
