// How often simdjson parses files into its DOM in a second on the CPU: the best of four rounds.
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

static double seconds_on_cpu() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

int main(int count, char** arguments) {
    const double seconds = count > 1 ? std::atof(arguments[1]) : 4;
    for (int file = 2; file < count; file++) {
        const simdjson::padded_string text = simdjson::padded_string::load(arguments[file]);
        simdjson::dom::parser parser;
        double best = 0;
        for (int round = 0; round < 4; round++) {
            const double begin = seconds_on_cpu();
            double spent = 0;
            long parses = 0;
            do {
                for (int turn = 0; turn < 64; turn++) {
                    if (parser.parse(text).error()) {
                        std::fprintf(stderr, "%s is no JSON\n", arguments[file]);
                        return 1;
                    }
                }
                parses += 64;
                spent = seconds_on_cpu() - begin;
            } while (spent < seconds / 4);
            best = std::max(best, parses / spent);
        }
        std::printf(
            "simdjson bytes=%zu parses_per_cpu_s=%.0f mb_per_s=%.0f\n", text.size(), best, best * text.size() / 1e6);
    }
}
