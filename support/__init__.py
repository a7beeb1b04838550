"""What every other part stands on: names, parameters, registries, arrays, files, caches, programs and Yosys."""
