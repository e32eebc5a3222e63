// Entry point of the compiled server: hands the arguments to the command line.
export {};
