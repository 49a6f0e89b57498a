// Prints the milliseconds that `require` of the named package takes in this process.
const start = performance.now();
require(process.argv[2]);
console.log(performance.now() - start);
