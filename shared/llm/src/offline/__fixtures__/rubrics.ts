const guide = (one: string, three: string, five: string): Record<string, string> => ({
  '1': one,
  '2': 'Between 1 and 3',
  '3': three,
  '4': 'Between 3 and 5',
  '5': five,
});

export const CV_RUBRIC = {
  id: 'cv-1',
  scores: 'cv',
  parameters: [
    {
      id: 'technical_skills_match',
      label: 'Technical skills match',
      weight: 0.4,
      looks_at: 'Backend, databases, APIs, cloud and AI/LLM skills against the job',
      guide: guide('Irrelevant skills', 'Some overlap', 'Excellent, with AI/LLM exposure'),
    },
    {
      id: 'experience_level',
      label: 'Experience level',
      weight: 0.25,
      looks_at: 'Years of experience and complexity of projects',
      guide: guide('Under one year', 'Two to three years', 'Five or more years'),
    },
    {
      id: 'relevant_achievements',
      label: 'Relevant achievements',
      weight: 0.2,
      looks_at: 'Impact: scaling, performance, adoption',
      guide: guide('None clear', 'Some measurable outcomes', 'Major measurable impact'),
    },
    {
      id: 'cultural_collaboration_fit',
      label: 'Cultural and collaboration fit',
      weight: 0.15,
      looks_at: 'Communication, learning mindset, teamwork, leadership',
      guide: guide('Not shown', 'Average', 'Excellent and well shown'),
    },
  ],
} as const;

export const PROJECT_RUBRIC = {
  id: 'project-1',
  scores: 'project',
  parameters: [
    {
      id: 'correctness',
      label: 'Correctness',
      weight: 0.3,
      looks_at: 'Prompt design, LLM chaining, RAG context injection',
      guide: guide('Not implemented', 'Works in part', 'Fully correct and thoughtful'),
    },
    {
      id: 'code_quality',
      label: 'Code quality and structure',
      weight: 0.25,
      looks_at: 'Clean, modular, reusable, tested',
      guide: guide('Poor', 'Some structure', 'Excellent with strong tests'),
    },
    {
      id: 'resilience',
      label: 'Resilience and error handling',
      weight: 0.2,
      looks_at: 'Long jobs, retries, randomness, API failures',
      guide: guide('Missing', 'Partial', 'Robust, production-ready'),
    },
    {
      id: 'documentation',
      label: 'Documentation and explanation',
      weight: 0.15,
      looks_at: 'README, set-up, trade-offs',
      guide: guide('Missing', 'Adequate', 'Excellent and insightful'),
    },
    {
      id: 'creativity',
      label: 'Creativity and bonus',
      weight: 0.1,
      looks_at: 'Beyond the requirements: authentication, deployment, dashboards',
      guide: guide('None', 'Some', 'Outstanding'),
    },
  ],
} as const;

export const BACKEND_JOB = `You will build the backend of our logistics planner and the language-model parts of it.

What you will do
- Design and run services in Python or Go with PostgreSQL and Redis behind REST APIs.
- Write prompts, chain calls to LLM APIs and ground them with embeddings in a vector database.
- Run long jobs in background workers with queues, retries and timeouts.
- Ship with Docker on AWS or Google Cloud, with automated tests.

What we ask for
Backend languages and frameworks (Python, Go, Node.js, Java; Django, FastAPI, Express, Spring), relational and document databases (PostgreSQL, MySQL, MongoDB), REST API design, a public cloud (AWS, GCP, Azure), scalable design, familiarity with LLM APIs and prompt design.`;

export const PASTRY_JOB = `Head pastry chef for a hotel kitchen. You plan the dessert menu, bake bread, cakes and viennoiserie,
train junior bakers, order ingredients, keep food safety records and control food cost. Experience with laminated dough,
chocolate tempering, banquet production and hygiene standards is required.`;

export const BRIEF = `Case study brief: AI-assisted screening of job applications.
Build a backend service that receives a candidate's CV and project report, evaluates them against a job description and a case study brief, and returns a structured report.
Endpoints: POST /upload accepts both PDF files and returns ids. POST /evaluate starts an asynchronous evaluation job and returns a job id. GET /result/{id} returns the status and the result.
The evaluation pipeline uses retrieval-augmented generation: ingest the job description, the brief and the scoring rubrics into a vector database, retrieve the relevant passages and inject them into the prompts. Chain the LLM calls: evaluate the CV, evaluate the project, then synthesise an overall summary with scores.
Handle long-running jobs, retries with back-off, timeouts, randomness of the model and API failures.
Document how to run it, the design decisions and trade-offs. Tests and clean, modular code are expected.`;
