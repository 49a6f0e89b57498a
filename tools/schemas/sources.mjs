/** What the package says about where its schema data are from: the rows of SOURCES.md, without what is about its own files. */
export function sourcesFile(sources) {
  const rows = sources
    .split('\n')
    .filter((line) => /^\| (kubernetes|crds)\//.test(line))
    .map((line) => {
      const [, file, , repository, path, commit, licence] = line.split('|').map((cell) => cell.trim());
      return `| ${file} | ${repository} | ${path} | ${commit} | ${licence} |`;
    });
  return `# Where these schemas come from

Made by \`npm run schemas\` (tools/schemas.mjs), never edited. \`kubernetes.json\` merges the definitions of five versions of Kubernetes:
each type and field once, with the versions that have or require it, and the enumerations that the definitions lack.
\`crds/\` holds what of each CustomResourceDefinition a check of its objects needs: the schemas of the versions that are served,
without descriptions, CEL rules and status. The licences are those of the source repositories; all texts are Apache-2.0 or MIT.

The Kubernetes definitions are generated from the release's swagger.json, which is Apache-2.0 (kubernetes/kubernetes).
A few enumerations are written down by hand in tools/schemas/enums.mjs, from the validation of the API server.

| file | repository | path | commit or version | licence |
|---|---|---|---|---|
${rows.join('\n')}
`;
}
