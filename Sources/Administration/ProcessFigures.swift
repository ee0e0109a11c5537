import Glibc

/// The standard `process_*` figures of Prometheus, from `/proc` (proc(5)).
struct ProcessFigures {
    var cpuSeconds = 0.0
    var residentBytes = 0
    var virtualBytes = 0
    var startTime = 0.0
    var openDescriptors = 0
    var maximumDescriptors = 0

    static func read() -> ProcessFigures {
        var figures = ProcessFigures()
        // Fields are counted after the command's name, which may itself contain spaces: field 3 is the first one after ")
        // ".
        if let stat = contents(of: "/proc/self/stat"), let end = stat.lastIndex(of: ")") {
            let fields = stat[stat.index(end, offsetBy: 2)...].split(separator: " ")
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            if fields.count > 21 {
                figures.cpuSeconds = ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ticks
                figures.startTime = bootTime + (Double(fields[19]) ?? 0) / ticks
                figures.virtualBytes = Int(fields[20]) ?? 0
                figures.residentBytes = (Int(fields[21]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
            }
        }
        if let directory = opendir("/proc/self/fd") {
            // Without `.`, `..` and the descriptor of this very directory.
            var count = -3
            while readdir(directory) != nil { count += 1 }
            closedir(directory)
            figures.openDescriptors = max(0, count)
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 { figures.maximumDescriptors = Int(clamping: limit.rlim_cur) }
        return figures
    }

    func write(to out: inout Exposition) {
        out.family("process_cpu_seconds_total", .counter, "User and system CPU time, seconds.")
        out.sample("process_cpu_seconds_total", [], cpuSeconds)
        out.family("process_resident_memory_bytes", .gauge, "Resident memory, bytes.")
        out.sample("process_resident_memory_bytes", [], residentBytes)
        out.family("process_virtual_memory_bytes", .gauge, "Virtual memory, bytes.")
        out.sample("process_virtual_memory_bytes", [], virtualBytes)
        out.family("process_start_time_seconds", .gauge, "Start of the process, seconds since 1970.")
        out.sample("process_start_time_seconds", [], startTime)
        out.family("process_open_fds", .gauge, "Open file descriptors.")
        out.sample("process_open_fds", [], openDescriptors)
        out.family("process_max_fds", .gauge, "Most file descriptors that may be open.")
        out.sample("process_max_fds", [], maximumDescriptors)
    }

    private static var bootTime: Double {
        guard let stat = contents(of: "/proc/stat"), let line = stat.split(separator: "\n").first(where: { $0.hasPrefix("btime ") })
        else { return 0 }
        return Double(line.dropFirst(6)) ?? 0
    }

    /// Files of `/proc` have no size; 64 KiB are enough for the needed part of each.
    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        while count < bytes.count {
            let read = bytes[count...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if read <= 0 { break }
            count += read
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
