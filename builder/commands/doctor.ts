export { doctor } from '../setup/doctor.ts'
