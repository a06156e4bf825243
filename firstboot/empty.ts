/** Stands for packages that are never used at run time, so that the bundle does not need them. */
export default {}
