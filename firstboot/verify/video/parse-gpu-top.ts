/**
 * How busy the video engines were, in percent, from what `intel_gpu_top -J` printed: a stream of objects with or
 * without brackets around it, the last of which may be cut. The mean of all samples but the first, whose time is next
 * to nothing; null when there is no other.
 */
export function parseGpuTop(text: string): number | null {
  const samples = text.split(/(?="period"\s*:)/).slice(1)
  const whole = samples.flatMap((sample): number[] => {
    const duration = Number(/"duration"\s*:\s*(\d+(?:\.\d+)?)/.exec(sample)?.[1] ?? 0)
    const engines = /"engines"\s*:\s*\{((?:[^{}]|\{[^{}]*\})*)\}/.exec(sample)?.[1]
    if (duration < 1 || engines === undefined) return []
    const video = [...engines.matchAll(/"Video(?:\/\d+)?"\s*:\s*\{\s*"busy"\s*:\s*(\d+(?:\.\d+)?)/g)].map(match =>
      Math.min(100, Number(match[1])),
    )
    return video.length === 0 ? [] : [Math.max(...video)]
  })
  return whole.length === 0 ? null : whole.reduce((sum, value) => sum + value, 0) / whole.length
}
